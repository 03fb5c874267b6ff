/** Discovery documents as protobuf knows them. They are no kinds: nobody stores, validates or patches them. */
import { isJsonObject, ListMeta, ObjectMetaSchema, type ObjectType, schema } from "@berth/api";
import type { Encodings } from "../encodings.ts";
import { envelope } from "./envelope.ts";

/** `document` as `discovery.ts` makes it. Throws TypeError for other values. */
export function encodeDiscovery(document: object, encodings: Encodings): Buffer {
	const value = isJsonObject(document) ? document : {};
	const { kind, apiVersion = "v1" } = value;
	const type = TYPES.get(String(kind));
	if (!type) throw new TypeError(`no discovery document: ${kind}`);
	const message = encodings.encode(type, kind === "APIResourceList" ? withVerbs(value) : value);
	return Buffer.concat(envelope({ apiVersion: String(apiVersion), kind: String(kind) }, [message]));
}

/** Protobuf wraps these lists in a message. */
function withVerbs(document: Readonly<Record<string, unknown>>): object {
	const resources = Array.isArray(document.resources) ? document.resources.filter(isJsonObject) : [];
	return {
		...document,
		resources: resources.map((resource) => ({ ...resource, verbs: { items: resource.verbs } })),
	};
}

const { bool, listOf, object, ref, string, types } = schema;

const texts = (pb: number) => listOf(types.string, { pb });

const ServerAddress = object("meta.v1.ServerAddressByClientCIDR", {
	clientCIDR: string({ pb: 1 }),
	serverAddress: string({ pb: 2 }),
});

const GroupVersion = object("meta.v1.GroupVersionForDiscovery", {
	groupVersion: string({ pb: 1 }),
	version: string({ pb: 2 }),
});

const Group = object("meta.v1.APIGroup", {
	name: string({ pb: 1 }),
	versions: listOf(GroupVersion, { pb: 2 }),
	preferredVersion: ref(GroupVersion, { pb: 3 }),
	serverAddressByClientCIDRs: listOf(ServerAddress, { pb: 4 }),
});

const Verbs = object("meta.v1.Verbs", { items: texts(1) });

const Resource = object("meta.v1.APIResource", {
	name: string({ pb: 1 }),
	namespaced: bool({ pb: 2 }),
	kind: string({ pb: 3 }),
	verbs: ref(Verbs, { pb: 4 }),
	shortNames: texts(5),
	singularName: string({ pb: 6 }),
	categories: texts(7),
	group: string({ pb: 8 }),
	version: string({ pb: 9 }),
	storageVersionHash: string({ pb: 10 }),
});

const GroupVersionKind = object("meta.v1.GroupVersionKind", {
	group: string({ pb: 1 }),
	version: string({ pb: 2 }),
	kind: string({ pb: 3 }),
});

const AggregatedSubresource = object("apidiscovery.v2.APISubresourceDiscovery", {
	subresource: string({ pb: 1 }),
	responseKind: ref(GroupVersionKind, { pb: 2 }),
	acceptedTypes: listOf(GroupVersionKind, { pb: 3 }),
	verbs: texts(4),
});

const AggregatedResource = object("apidiscovery.v2.APIResourceDiscovery", {
	resource: string({ pb: 1 }),
	responseKind: ref(GroupVersionKind, { pb: 2 }),
	scope: string({ pb: 3 }),
	singularResource: string({ pb: 4 }),
	verbs: texts(5),
	shortNames: texts(6),
	categories: texts(7),
	subresources: listOf(AggregatedSubresource, { pb: 8 }),
});

const AggregatedVersion = object("apidiscovery.v2.APIVersionDiscovery", {
	version: string({ pb: 1 }),
	resources: listOf(AggregatedResource, { pb: 2 }),
	freshness: string({ pb: 3 }),
});

const AggregatedGroup = object("apidiscovery.v2.APIGroupDiscovery", {
	metadata: ref(ObjectMetaSchema, { pb: 1 }),
	versions: listOf(AggregatedVersion, { pb: 2 }),
});

/** By kind. */
const TYPES: ReadonlyMap<string, ObjectType> = new Map<string, ObjectType>([
	[
		"APIVersions",
		object("meta.v1.APIVersions", {
			versions: texts(1),
			serverAddressByClientCIDRs: listOf(ServerAddress, { pb: 2 }),
		}),
	],
	["APIGroup", Group],
	["APIGroupList", object("meta.v1.APIGroupList", { groups: listOf(Group, { pb: 1 }) })],
	[
		"APIResourceList",
		object("meta.v1.APIResourceList", {
			groupVersion: string({ pb: 1 }),
			resources: listOf(Resource, { pb: 2 }),
		}),
	],
	[
		"APIGroupDiscoveryList",
		object("apidiscovery.v2.APIGroupDiscoveryList", {
			metadata: ref(ListMeta, { pb: 1 }),
			items: listOf(AggregatedGroup, { pb: 2 }),
		}),
	],
]);
