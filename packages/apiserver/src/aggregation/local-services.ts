/** APIServices of what this server serves itself: there so that people and programs find every group in one list. */
import {
	type AnyKind,
	APIService,
	type Draft,
	hasReason,
	type KubeObject,
	type Logger,
	type Transport,
} from "@berth/api";
import { isTopLevel } from "../http/subresources.ts";
import type { Objects } from "../store/objects.ts";

/** Says that the server itself made the object: at its start, or for as long as a custom resource definition stands. */
const AUTOMANAGED = "kube-aggregator.kubernetes.io/automanaged";

/** `groupPriorityMinimum` of Kubernetes' own groups: what clients try first when a name is in several. */
const GROUP_PRIORITIES: Readonly<Record<string, number>> = {
	"": 18_000,
	apps: 17_800,
	"events.k8s.io": 17_750,
	"authentication.k8s.io": 17_700,
	"authorization.k8s.io": 17_600,
	autoscaling: 17_500,
	batch: 17_400,
	"certificates.k8s.io": 17_300,
	"networking.k8s.io": 17_200,
	policy: 17_100,
	"rbac.authorization.k8s.io": 17_000,
	"storage.k8s.io": 16_800,
	"apiextensions.k8s.io": 16_700,
	"admissionregistration.k8s.io": 16_700,
	"scheduling.k8s.io": 16_600,
	"coordination.k8s.io": 16_500,
	"node.k8s.io": 16_300,
	"discovery.k8s.io": 16_200,
	"flowcontrol.apiserver.k8s.io": 16_100,
	"resource.k8s.io": 15_900,
};
const OTHER_GROUPS = 1_000;

/** One for each group and version; APIServices themselves are nobody's to serve but this server's. */
export function localServices(kinds: readonly AnyKind[]): readonly Draft<APIService>[] {
	const places = new Map(
		kinds
			.filter((kind) => isTopLevel(kind) && kind.group !== APIService.group)
			.map((kind) => [`${kind.version}.${kind.group}`, kind]),
	);
	return [...places].map(([name, { group, version }]) => {
		const priority = GROUP_PRIORITIES[group];
		return {
			metadata: { name, labels: { [AUTOMANAGED]: priority === undefined ? "true" : "onstart" } },
			spec: {
				...(group ? { group } : {}),
				version,
				groupPriorityMinimum: priority ?? OTHER_GROUPS,
				versionPriority: priority === undefined ? 100 : versionPriority(version),
			},
		};
	});
}

/** v2 before v1 before v1beta1. */
function versionPriority(version: string): number {
	if (!/^v\d+$/.test(version)) return 9;
	return version === "v1" ? 15 : 30;
}

/** Makes those that are missing and takes away those whose kinds are gone. What others have made or changed stays. */
export async function syncLocalServices(options: {
	readonly kinds: readonly AnyKind[];
	readonly objects: Objects;
	readonly transport: Transport;
	readonly log: Logger;
}): Promise<void> {
	const { kinds, objects, transport, log } = options;
	const collection = `/apis/${APIService.apiVersion}/${APIService.plural}`;
	const present = new Map(
		objects
			.of<APIService>(APIService)
			.list()
			.map(({ key, object }) => [key, object]),
	);
	const wanted = localServices(kinds);
	const names = new Set(wanted.map(({ metadata }) => metadata.name));
	const gone = [...present.values()].filter(
		(service) => isOurs(service) && !names.has(service.metadata.name),
	);
	const attempt = async (work: Promise<unknown>) => {
		try {
			await work;
		} catch (error) {
			if (!hasReason(error, "AlreadyExists", "NotFound")) {
				log.warn({ err: error }, "an APIService of this server could not be kept");
			}
		}
	};
	await Promise.all([
		...wanted
			.filter(({ metadata }) => !present.has(metadata.name ?? ""))
			.map((body) => attempt(transport.call({ method: "POST", path: collection, body }))),
		...gone.map(({ metadata }) =>
			attempt(transport.call({ method: "DELETE", path: `${collection}/${metadata.name}` })),
		),
	]);
}

const isOurs = ({ metadata, spec }: KubeObject & Pick<APIService, "spec">): boolean =>
	metadata.labels?.[AUTOMANAGED] === "true" && !spec.service;
