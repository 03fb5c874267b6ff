/** What the server serves, in both forms that clients read: one document for all (aggregated), or one a group version. */
import { createHash } from "node:crypto";
import type { AnyKind } from "@berth/api";
import type { RemoteVersion } from "../aggregation/remote-services.ts";
import { isTopLevel, subresourcesOf } from "./subresources.ts";

export interface ApiVersions {
	readonly group: string;
	/** Best first. */
	readonly versions: readonly ApiVersion[];
}

export interface ApiVersion {
	readonly version: string;
	readonly kinds: readonly AnyKind[];
	/** Set when another server serves it. */
	readonly remote?: RemoteVersion;
}

/** The kinds by group, the core group first, in the order of their first appearance. */
export function groupsOf(
	kinds: readonly AnyKind[],
	remote: readonly RemoteVersion[] = [],
): readonly ApiVersions[] {
	const byGroup = Map.groupBy(kinds.filter(isTopLevel), (kind) => kind.group);
	const local = [...byGroup]
		.toSorted(([a], [b]) => Number(a !== "") - Number(b !== ""))
		.map(([group, members]) => ({
			group,
			versions: [...Map.groupBy(members, (kind) => kind.version)]
				.toSorted(([a], [b]) => compareVersions(a, b))
				.map(([version, versionKinds]) => ({ version, kinds: versionKinds })),
		}));
	return remote.reduce(withRemote, local);
}

/** A version that another server serves takes the place of our own. */
function withRemote(groups: readonly ApiVersions[], remote: RemoteVersion): readonly ApiVersions[] {
	const { group, version } = remote;
	const entry: ApiVersion = { version, kinds: [], remote };
	const known = groups.find((each) => each.group === group);
	if (!known) return [...groups, { group, versions: [entry] }];
	const versions = [...known.versions.filter((each) => each.version !== version), entry].toSorted((a, b) =>
		compareVersions(a.version, b.version),
	);
	return groups.map((each) => (each === known ? { group, versions } : each));
}

/** Kubernetes' order: stable before beta before alpha, newer before older, anything else last by name. */
export function compareVersions(a: string, b: string): number {
	const [x, y] = [versionRank(a), versionRank(b)];
	if (!x || !y) return Number(!x) - Number(!y) || (a < b ? -1 : 1);
	return y[0] - x[0] || y[1] - x[1] || y[2] - x[2];
}

function versionRank(version: string): [number, number, number] | undefined {
	const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
	if (!match) return undefined;
	const stability = match[2] === undefined ? 2 : match[2] === "beta" ? 1 : 0;
	return [stability, Number(match[1]), Number(match[3] ?? 0)];
}

/** `/api`. */
export const legacyCoreVersions = (serverAddress: string): object => ({
	kind: "APIVersions",
	versions: ["v1"],
	serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress }],
});

/** `/apis`. */
export const legacyGroupList = (
	kinds: readonly AnyKind[],
	remote: readonly RemoteVersion[] = [],
): object => ({
	kind: "APIGroupList",
	apiVersion: "v1",
	groups: groupsOf(kinds, remote)
		.filter(({ group }) => group !== "")
		.map(groupEntry),
});

/** `/apis/GROUP`; undefined when there is no such group. */
export function legacyGroup(
	kinds: readonly AnyKind[],
	name: string,
	remote: readonly RemoteVersion[] = [],
): object | undefined {
	const found = groupsOf(kinds, remote).find(({ group }) => group === name && group !== "");
	return found && { kind: "APIGroup", apiVersion: "v1", ...groupEntry(found) };
}

function groupEntry({ group, versions }: ApiVersions): object {
	const entries = versions.map(({ version }) => ({ groupVersion: `${group}/${version}`, version }));
	return { name: group, versions: entries, preferredVersion: entries[0] };
}

/** `/api/v1` and `/apis/GROUP/VERSION`; undefined when there is no such version. */
export function legacyResourceList(
	kinds: readonly AnyKind[],
	group: string,
	version: string,
): object | undefined {
	const served = kinds.filter((kind) => isTopLevel(kind) && kind.group === group && kind.version === version);
	if (!served.length) return undefined;
	return {
		kind: "APIResourceList",
		apiVersion: "v1",
		groupVersion: group ? `${group}/${version}` : version,
		resources: served.flatMap(legacyResources),
	};
}

function legacyResources(kind: AnyKind): object[] {
	const { namespaced } = kind;
	return [
		{
			name: kind.plural,
			singularName: kind.singular,
			namespaced,
			kind: kind.kind,
			verbs: kind.verbs,
			...lists(kind),
			...(!kind.virtual && { storageVersionHash: storageVersionHash(kind) }),
		},
		...subresourcesOf(kind).map((subresource) => ({
			name: `${kind.plural}/${subresource.name}`,
			singularName: "",
			namespaced,
			...(subresource.kind.group !== kind.group
				? { group: subresource.kind.group, version: subresource.kind.version }
				: {}),
			kind: subresource.kind.kind,
			verbs: subresource.verbs,
		})),
	];
}

/** Changes when objects are kept in another version: whoever migrates storage watches it. As Kubernetes computes it. */
function storageVersionHash({ group, version, kind, stored }: AnyKind): string {
	const kept = stored?.kind ?? { group, version };
	const digest = createHash("sha256").update(`${kept.group}/${kept.version}/${kind}`).digest();
	return digest.subarray(0, 8).toString("base64");
}

const lists = (kind: AnyKind) => ({
	...(kind.shortNames?.length ? { shortNames: kind.shortNames } : {}),
	...(kind.categories?.length ? { categories: kind.categories } : {}),
});

export type AggregatedVersion = "v2" | "v2beta1";

/** `/api` (the core group alone) and `/apis` (all others) for clients that accept APIGroupDiscoveryList. */
export const aggregatedDiscovery = (
	kinds: readonly AnyKind[],
	root: "api" | "apis",
	version: AggregatedVersion,
	remote: readonly RemoteVersion[] = [],
): object => ({
	kind: "APIGroupDiscoveryList",
	apiVersion: `apidiscovery.k8s.io/${version}`,
	metadata: {},
	items: groupsOf(kinds, remote)
		.filter(({ group }) => (group === "") === (root === "api"))
		.map(({ group, versions }) => ({
			metadata: { ...(group ? { name: group } : {}), creationTimestamp: null },
			versions: versions.map((entry) => ({
				version: entry.version,
				resources: entry.remote?.resources ?? entry.kinds.map(aggregatedResource),
				freshness: entry.remote?.fresh === false ? "Stale" : "Current",
			})),
		})),
});

function aggregatedResource(kind: AnyKind): object {
	const subresources = subresourcesOf(kind);
	return {
		resource: kind.plural,
		responseKind: { group: kind.group, version: kind.version, kind: kind.kind },
		scope: kind.scope === "Namespaced" ? "Namespaced" : "Cluster",
		singularResource: kind.singular,
		verbs: kind.verbs,
		...lists(kind),
		...(subresources.length
			? {
					subresources: subresources.map(({ name, kind: responseKind, verbs }) => ({
						subresource: name,
						responseKind,
						verbs,
					})),
				}
			: {}),
	};
}
