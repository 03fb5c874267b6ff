import { defineKind, KINDS, type KubeObject, schema } from "@berth/api";
import test from "ava";
import {
	aggregatedDiscovery,
	compareVersions,
	groupsOf,
	legacyGroup,
	legacyResourceList,
} from "./discovery.ts";

const kindAt = (version: string) =>
	defineKind<KubeObject>({
		group: "example.org",
		version,
		kind: "Boat",
		plural: "boats",
		scope: "Namespaced",
		schema: schema.object("Boat", {}),
		columns: [],
	});

test("versions in Kubernetes' order of preference", (t) => {
	const versions = ["v1alpha1", "foo10", "v1", "v11beta2", "v10", "v2", "foo1", "v1beta1", "v12alpha1"];
	t.deepEqual(versions.toSorted(compareVersions), [
		"v10",
		"v2",
		"v1",
		"v11beta2",
		"v1beta1",
		"v12alpha1",
		"v1alpha1",
		"foo1",
		"foo10",
	]);
	const kinds = [kindAt("v1beta1"), kindAt("v1")];
	t.like(legacyGroup(kinds, "example.org"), { preferredVersion: { groupVersion: "example.org/v1" } });
});

test("both forms tell the same of every kind", (t) => {
	const aggregated = ["api", "apis"].flatMap((root) => {
		const { items } = aggregatedDiscovery(KINDS, root as "api", "v2") as {
			items: {
				metadata: { name?: string };
				versions: {
					version: string;
					resources: { resource: string; verbs: string[]; subresources?: { subresource: string }[] }[];
				}[];
			}[];
		};
		return items.flatMap((group) =>
			group.versions.flatMap((version) =>
				version.resources.flatMap((resource) => [
					`${group.metadata.name ?? ""}/${version.version}/${resource.resource}`,
					...(resource.subresources ?? []).map(
						({ subresource }) =>
							`${group.metadata.name ?? ""}/${version.version}/${resource.resource}/${subresource}`,
					),
				]),
			),
		);
	});
	const legacy = groupsOf(KINDS).flatMap(({ group, versions }) =>
		versions.flatMap(({ version }) => {
			const { resources } = legacyResourceList(KINDS, group, version) as { resources: { name: string }[] };
			return resources.map(({ name }) => `${group}/${version}/${name}`);
		}),
	);
	t.deepEqual(aggregated.toSorted(), legacy.toSorted());
	t.true(legacy.includes("apps/v1/deployments/scale"));
	t.true(legacy.includes("/v1/serviceaccounts/token"));
	t.false(legacy.includes("authentication.k8s.io/v1/tokenrequests"));
});

test("a stored resource tells by a hash in which version it is kept", (t) => {
	const hashes = (group: string, version: string) => {
		const list = legacyResourceList(KINDS, group, version) as {
			resources: { name: string; storageVersionHash?: string }[];
		};
		return new Map(list.resources.map(({ name, storageVersionHash }) => [name, storageVersionHash]));
	};
	// As every Kubernetes cluster shows it.
	t.is(hashes("", "v1").get("pods"), "xPOwRZ+Yhw8=");
	t.is(
		hashes("autoscaling", "v1").get("horizontalpodautoscalers"),
		hashes("autoscaling", "v2").get("horizontalpodautoscalers"),
	);
	t.is(hashes("", "v1").get("pods/status"), undefined);
	t.is(hashes("authorization.k8s.io", "v1").get("subjectaccessreviews"), undefined);
});
