/** Whole OpenAPI documents: version 3, one for each group version, and version 2 (Swagger), one for all. */
import type { AnyKind } from "../kind.ts";
import { definitionsOf, type Json, type OpenApiVersion, reference } from "./definitions.ts";
import {
	type GroupVersionKind,
	groupTag,
	kindPaths,
	type OpenApiSubresource,
	type Operation,
	type PathItem,
	subresourcePath,
} from "./operations.ts";
import type { Parameter } from "./parameters.ts";

export interface OpenApiOptions {
	/** The server's version, such as `v1.36.0`. */
	readonly version: string;
	/** What is served behind objects of a kind. Default: status and scale, where the kind has them. */
	readonly subresourcesOf?: (kind: AnyKind) => readonly OpenApiSubresource[];
	/** Whether a kind has paths of its own, or only bodies for those of others. Default: all have. */
	readonly isTopLevel?: (kind: AnyKind) => boolean;
	/** Kinds that are bodies of subresources only, such as Scale. */
	readonly bodies?: readonly AnyKind[];
}

/** `api/v1`, `apis/apps/v1`: the keys of `/openapi/v3`, one for each group version that has paths. */
export function openApiGroupVersions(
	kinds: readonly AnyKind[],
	{ isTopLevel = () => true }: Pick<OpenApiOptions, "isTopLevel"> = {},
): string[] {
	return [...new Set(kinds.filter(isTopLevel).map(({ group, apiVersion }) => rootOf(group, apiVersion)))];
}

const rootOf = (group: string, apiVersion: string) => `${group ? "apis" : "api"}/${apiVersion}`;

/** The version 3 document of one group version, such as `apps/v1`; undefined when nothing is served there. */
export function openApiV3(
	kinds: readonly AnyKind[],
	apiVersion: string,
	options: OpenApiOptions,
): Json | undefined {
	const served = kinds.filter((kind) => kind.apiVersion === apiVersion && isServed(kind, options));
	if (served.length === 0) return undefined;
	const { items, bodies } = pathItems(kinds, served, options);
	return {
		openapi: "3.0.0",
		info: infoOf(options),
		paths: Object.fromEntries(items.map((item) => [item.path, renderItem(item, apiVersion, 3)])),
		components: {
			schemas: definitionsOf([...new Set([...served, ...bodies])], 3),
			securitySchemes: { BearerToken: BEARER_TOKEN },
		},
	};
}

/** The version 2 document of everything served. */
export function openApiV2(kinds: readonly AnyKind[], options: OpenApiOptions): Json {
	const served = kinds.filter((kind) => isServed(kind, options));
	const { items, bodies } = pathItems(kinds, served, options);
	return {
		swagger: "2.0",
		info: infoOf(options),
		paths: Object.fromEntries(items.map((item) => [item.path, renderItem(item, versionOf(item), 2)])),
		definitions: definitionsOf([...new Set([...served, ...bodies])], 2),
		securityDefinitions: { BearerToken: BEARER_TOKEN },
		security: [{ BearerToken: [] }],
	};
}

const BEARER_TOKEN: Json = {
	type: "apiKey",
	description: "A bearer token.",
	name: "authorization",
	in: "header",
};

const infoOf = ({ version }: OpenApiOptions): Json => ({ title: "Kubernetes", version });

const isServed = (kind: AnyKind, { isTopLevel = () => true }: OpenApiOptions) => isTopLevel(kind);

/** `apps/v1` of `/apis/apps/v1/deployments`. */
const versionOf = ({ path }: PathItem) => {
	const [, root, first, second] = path.split("/");
	return root === "api" ? (first ?? "") : `${first}/${second}`;
};

function pathItems(
	kinds: readonly AnyKind[],
	served: readonly AnyKind[],
	{ subresourcesOf = declaredSubresources, bodies = [] }: OpenApiOptions,
): { items: readonly PathItem[]; bodies: ReadonlySet<AnyKind> } {
	const used = new Set<AnyKind>();
	const findKind = (wanted: GroupVersionKind) => {
		const found = [...kinds, ...bodies].find((kind) => isKind(kind, wanted));
		if (found) used.add(found);
		return found;
	};
	const items = served.flatMap((kind) => [
		...kindPaths(kind),
		...subresourcesOf(kind).map((subresource) => subresourcePath(kind, subresource, findKind)),
	]);
	return { items: items.sort((a, b) => (a.path < b.path ? -1 : 1)), bodies: used };
}

const isKind = (kind: AnyKind, { group, version, kind: name }: GroupVersionKind) =>
	kind.group === group && kind.version === version && kind.kind === name;

const SCALE: GroupVersionKind = { group: "autoscaling", version: "v1", kind: "Scale" };
const READ_WRITE = ["get", "patch", "update"];

function declaredSubresources(kind: AnyKind): OpenApiSubresource[] {
	const { group, version, kind: name } = kind;
	return [
		...(kind.scale ? [{ name: "scale", kind: SCALE, verbs: READ_WRITE }] : []),
		...(kind.hasStatus ? [{ name: "status", kind: { group, version, kind: name }, verbs: READ_WRITE }] : []),
	];
}

function renderItem(item: PathItem, apiVersion: string, version: OpenApiVersion): Json {
	const [group, groupVersion] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
	const tag = `${groupTag(group ?? "")}_${groupVersion}`;
	const render = version === 3 ? renderV3 : renderV2;
	return {
		...Object.fromEntries(item.operations.map((operation) => [operation.method, render(operation, tag)])),
		parameters: item.parameters.map(version === 3 ? parameterV3 : parameterV2),
	};
}

const extensions = ({ action, kind }: Operation): Json => ({
	"x-kubernetes-action": action,
	"x-kubernetes-group-version-kind": kind,
});

const DESCRIPTIONS: Readonly<Record<string, string>> = { 200: "OK", 201: "Created", 202: "Accepted" };
const UNAUTHORIZED = { description: "Unauthorized" };

function renderV3(operation: Operation, tag: string): Json {
	const answers = Object.entries(operation.answers).map(([code, definition]) => [
		code,
		{ description: DESCRIPTIONS[code], content: contentV3(definition, operation.action === "list") },
	]);
	const { body } = operation;
	const bodyContent = body?.mediaTypes.map((type) => [type, { schema: reference(body.definition, 3) }]);
	return {
		tags: [tag],
		description: operation.description,
		operationId: operation.id,
		...(operation.parameters.length ? { parameters: operation.parameters.map(parameterV3) } : {}),
		...(bodyContent
			? {
					requestBody: {
						content: Object.fromEntries(bodyContent),
						...(body?.optional ? {} : { required: true }),
					},
				}
			: {}),
		responses: { ...Object.fromEntries(answers), 401: UNAUTHORIZED },
		...extensions(operation),
	};
}

const PRODUCED = ["application/json", "application/yaml"];
const STREAMED = ["application/json;stream=watch"];

function contentV3(definition: string | undefined, isList: boolean): Json {
	if (!definition) return { "*/*": { schema: { type: "string" } } };
	const types = isList ? [...PRODUCED, ...STREAMED] : PRODUCED;
	return Object.fromEntries(types.map((type) => [type, { schema: reference(definition, 3) }]));
}

const parameterV3 = ({ name, in: place, type, description }: Parameter): Json => ({
	name,
	in: place,
	description,
	...(place === "path" ? { required: true } : {}),
	schema: { type, uniqueItems: true },
});

const parameterV2 = ({ name, in: place, type, description }: Parameter): Json => ({
	name,
	in: place,
	description,
	...(place === "path" ? { required: true } : {}),
	type,
	uniqueItems: true,
});

function renderV2(operation: Operation, tag: string): Json {
	const { body } = operation;
	const answers = Object.entries(operation.answers).map(([code, definition]) => [
		code,
		{
			description: DESCRIPTIONS[code],
			schema: definition ? reference(definition, 2) : { type: "string" },
		},
	]);
	const bodyParameter: Json[] = body
		? [
				{
					name: "body",
					in: "body",
					...(body.optional ? {} : { required: true }),
					schema: reference(body.definition, 2),
				},
			]
		: [];
	const parameters = [...bodyParameter, ...operation.parameters.map(parameterV2)];
	return {
		tags: [tag],
		description: operation.description,
		operationId: operation.id,
		consumes: body?.mediaTypes ?? ["*/*"],
		produces: operation.action === "list" ? [...PRODUCED, ...STREAMED] : PRODUCED,
		schemes: ["https"],
		...(parameters.length ? { parameters } : {}),
		responses: { ...Object.fromEntries(answers), 401: UNAUTHORIZED },
		...extensions(operation),
	};
}
