/** What can be asked of each path, told once for both versions of OpenAPI. */
import type { AnyKind, Verb } from "../kind.ts";
import { DELETE_OPTIONS, kindName, listName, PATCH, STATUS } from "./definitions.ts";
import {
	DELETE_PARAMETERS,
	LIST_PARAMETERS,
	PATCH_PARAMETERS,
	PATH_PARAMETERS,
	type Parameter,
	WRITE_PARAMETERS,
} from "./parameters.ts";

export interface GroupVersionKind {
	readonly group: string;
	readonly version: string;
	readonly kind: string;
}

/** What is served behind an object: `/status`, `/scale`, `/log` … */
export interface OpenApiSubresource {
	readonly name: string;
	/** What its bodies are. */
	readonly kind: GroupVersionKind;
	readonly verbs: readonly string[];
}

export interface Operation {
	readonly method: "get" | "post" | "put" | "patch" | "delete";
	readonly action: string;
	readonly kind: GroupVersionKind;
	readonly id: string;
	readonly description: string;
	readonly parameters: readonly Parameter[];
	/** Definition of the body, and the media types it may have. */
	readonly body?: {
		readonly definition: string;
		readonly mediaTypes: readonly string[];
		readonly optional?: true;
	};
	/** Definition of the answer by code; undefined is plain text. */
	readonly answers: Readonly<Record<string, string | undefined>>;
}

export interface PathItem {
	readonly path: string;
	readonly parameters: readonly Parameter[];
	readonly operations: readonly Operation[];
}

const ANY_TYPE = ["*/*"];
const PATCH_TYPES = [
	"application/json-patch+json",
	"application/merge-patch+json",
	"application/strategic-merge-patch+json",
	"application/apply-patch+yaml",
];
/** Custom resources have no strategies. */
const CUSTOM_PATCH_TYPES = PATCH_TYPES.filter((type) => !type.includes("strategic"));

/** The paths of a kind: its collection, its objects, and lists over all namespaces. */
export function kindPaths(kind: AnyKind): PathItem[] {
	const scope = kind.namespaced ? "/namespaces/{namespace}" : "";
	const root = rootOf(kind);
	const inside = kind.namespaced ? PATH_PARAMETERS.namespaced : PATH_PARAMETERS.cluster;
	const collection = `${root}${scope}/${kind.plural}`;
	return [
		{ path: collection, parameters: inside.collection, operations: collectionOperations(kind) },
		{ path: `${collection}/{name}`, parameters: inside.object, operations: objectOperations(kind) },
		...(kind.namespaced ? [everywhere(kind, `${root}/${kind.plural}`)] : []),
	].filter(({ operations }) => operations.length > 0);
}

/** `findKind` answers the kind of a subresource's bodies; those without one carry no schema. */
export function subresourcePath(
	kind: AnyKind,
	subresource: OpenApiSubresource,
	findKind: (wanted: GroupVersionKind) => AnyKind | undefined,
): PathItem {
	const scope = kind.namespaced ? "/namespaces/{namespace}" : "";
	const inside = kind.namespaced ? PATH_PARAMETERS.namespaced : PATH_PARAMETERS.cluster;
	const suffix = subresource.name.charAt(0).toUpperCase() + subresource.name.slice(1);
	const known = findKind(subresource.kind);
	const operations = subresource.verbs.flatMap((verb) =>
		subresourceOperation({ kind, subresource, suffix, verb, body: known && kindName(known) }),
	);
	return {
		path: `${rootOf(kind)}${scope}/${kind.plural}/{name}/${subresource.name}`,
		parameters: inside.object,
		operations,
	};
}

const rootOf = ({ group, apiVersion }: AnyKind) => `${group ? "/apis" : "/api"}/${apiVersion}`;

function collectionOperations(kind: AnyKind): Operation[] {
	return only(kind, [
		["list", () => listOperation(kind, idOf("list", kind))],
		["create", () => createOperation(kind)],
		["deletecollection", () => deleteCollection(kind)],
	]);
}

function objectOperations(kind: AnyKind): Operation[] {
	return only(kind, [
		["get", () => readOperation(kind, idOf("read", kind), kindName(kind))],
		["update", () => replaceOperation(kind, idOf("replace", kind), kindName(kind))],
		["delete", () => deleteOperation(kind)],
		["patch", () => patchOperation(kind, idOf("patch", kind), kindName(kind), patchTypes(kind))],
	]);
}

const only = (kind: AnyKind, operations: readonly (readonly [Verb, () => Operation])[]): Operation[] =>
	operations.filter(([verb]) => kind.verbs.includes(verb)).map(([, operation]) => operation());

function everywhere(kind: AnyKind, path: string): PathItem {
	const id = `list${versionPart(kind)}${kind.kind}ForAllNamespaces`;
	const operations = kind.verbs.includes("list") ? [listOperation(kind, id)] : [];
	return { path, parameters: PATH_PARAMETERS.cluster.collection, operations };
}

const listOperation = (kind: AnyKind, id: string): Operation => ({
	method: "get",
	action: "list",
	kind: identity(kind),
	id,
	description: `Lists objects of kind ${kind.kind}, or watches them.`,
	parameters: LIST_PARAMETERS,
	answers: { 200: listName(kind) },
});

const createOperation = (kind: AnyKind): Operation => ({
	method: "post",
	action: "post",
	kind: identity(kind),
	id: idOf("create", kind),
	description: `Creates an object of kind ${kind.kind}.`,
	parameters: WRITE_PARAMETERS,
	body: { definition: kindName(kind), mediaTypes: ANY_TYPE },
	answers: { 200: kindName(kind), 201: kindName(kind), 202: kindName(kind) },
});

const deleteCollection = (kind: AnyKind): Operation => ({
	method: "delete",
	action: "deletecollection",
	kind: identity(kind),
	id: `delete${versionPart(kind)}Collection${kind.namespaced ? "Namespaced" : ""}${kind.kind}`,
	description: `Deletes all objects of kind ${kind.kind} that the selectors match.`,
	parameters: [...DELETE_PARAMETERS, ...LIST_PARAMETERS.filter(({ name }) => !/watch/i.test(name))],
	body: { definition: DELETE_OPTIONS, mediaTypes: ANY_TYPE, optional: true },
	answers: { 200: STATUS },
});

const deleteOperation = (kind: AnyKind): Operation => ({
	method: "delete",
	action: "delete",
	kind: identity(kind),
	id: idOf("delete", kind),
	description: `Deletes an object of kind ${kind.kind}.`,
	parameters: DELETE_PARAMETERS,
	body: { definition: DELETE_OPTIONS, mediaTypes: ANY_TYPE, optional: true },
	answers: { 200: STATUS, 202: STATUS },
});

const readOperation = (kind: GroupVersionKind, id: string, definition: string | undefined): Operation => ({
	method: "get",
	action: "get",
	kind: identity(kind),
	id,
	description: `Reads an object of kind ${kind.kind}.`,
	parameters: [],
	answers: { 200: definition },
});

const patchTypes = ({ schema }: AnyKind) => (schema.foreign ? CUSTOM_PATCH_TYPES : PATCH_TYPES);

const replaceOperation = (kind: GroupVersionKind, id: string, definition: string): Operation => ({
	method: "put",
	action: "put",
	kind: identity(kind),
	id,
	description: `Replaces an object of kind ${kind.kind}.`,
	parameters: WRITE_PARAMETERS,
	body: { definition, mediaTypes: ANY_TYPE },
	answers: { 200: definition, 201: definition },
});

const patchOperation = (
	kind: GroupVersionKind,
	id: string,
	definition: string,
	mediaTypes: readonly string[],
): Operation => ({
	method: "patch",
	action: "patch",
	kind: identity(kind),
	id,
	description: `Changes parts of an object of kind ${kind.kind}.`,
	parameters: PATCH_PARAMETERS,
	body: { definition: PATCH, mediaTypes },
	answers: { 200: definition, 201: definition },
});

interface SubresourceVerb {
	readonly kind: AnyKind;
	readonly subresource: OpenApiSubresource;
	readonly suffix: string;
	readonly verb: string;
	readonly body: string | undefined;
}

function subresourceOperation({ kind, subresource, suffix, verb, body }: SubresourceVerb): Operation[] {
	const of = subresource.kind;
	const id = (prefix: string) => `${idOf(prefix, kind)}${suffix}`;
	if (!body) return connectOperation(of, verb, id);
	switch (verb) {
		case "get":
			return [readOperation(of, id("read"), subresource.name === "log" ? undefined : body)];
		case "update":
			return [replaceOperation(of, id("replace"), body)];
		case "patch":
			return [patchOperation(of, id("patch"), body, patchTypes(kind))];
		case "create":
			return [{ ...replaceOperation(of, id("create"), body), method: "post", action: "post" }];
		default:
			return [];
	}
}

const METHODS: Readonly<Record<string, Operation["method"]>> = {
	get: "get",
	create: "post",
	update: "put",
	patch: "patch",
	delete: "delete",
};

/** A tunnel to whatever is behind the object: nothing is known of its bodies. */
function connectOperation(kind: GroupVersionKind, verb: string, id: (prefix: string) => string): Operation[] {
	const method = Object.hasOwn(METHODS, verb) ? METHODS[verb] : undefined;
	if (!method) return [];
	const prefix = `connect${method.charAt(0).toUpperCase()}${method.slice(1)}`;
	return [
		{
			method,
			action: "connect",
			kind: identity(kind),
			id: id(prefix),
			description: `Connects to what is behind the object (${kind.kind}).`,
			parameters: [],
			answers: { 200: undefined },
		},
	];
}

const identity = ({ group, kind, version }: GroupVersionKind): GroupVersionKind => ({ group, kind, version });

const idOf = (prefix: string, kind: AnyKind) =>
	`${prefix}${versionPart(kind)}${kind.namespaced ? "Namespaced" : ""}${kind.kind}`;

/** `CoreV1`, `AppsV1`, `RbacAuthorizationV1`. */
function versionPart({ group, version }: AnyKind): string {
	return capital(groupTag(group)) + capital(version);
}

/** `core`, `apps`, `rbacAuthorization`. */
export const groupTag = (group: string): string =>
	group === ""
		? "core"
		: group
				.replace(/\.k8s\.io$/, "")
				.split(".")
				.map((part, index) => (index === 0 ? part : capital(part)))
				.join("");

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
