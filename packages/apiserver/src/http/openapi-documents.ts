/**
 * The bytes of OpenAPI documents. Each group version is made once, and again when its kinds have changed: a new custom
 * resource costs its own schema, not that of all others.
 */
import { createHash } from "node:crypto";
import { type AnyKind, type OpenApiOptions, openApiV2, openApiV3 } from "@berth/api";
import type { RemotePart } from "../aggregation/remote-openapi.ts";
import { encodeOpenApiV2 } from "./protobuf/openapi-v2.ts";

export interface OpenApiDocument {
	readonly body: Buffer;
	readonly hash: string;
}

export interface OpenApiDocuments {
	/** `apiVersion` such as `apps/v1`; undefined when nothing is served there. */
	v3(apiVersion: string): OpenApiDocument | undefined;
	v2(format: "json" | "protobuf"): OpenApiDocument;
}

type Json = Readonly<Record<string, unknown>>;

/** What one group version adds to the version 2 document. */
interface Part {
	readonly paths: Json;
	readonly definitions: Json;
}

export function createOpenApiDocuments(
	kinds: () => readonly AnyKind[],
	options: OpenApiOptions & { readonly remote?: () => readonly RemotePart[] },
): OpenApiDocuments {
	const remote = options.remote ?? (() => []);
	const version3 = new Remembered<OpenApiDocument | undefined>();
	const parts = new Remembered<Part>();
	const version2 = new Remembered<OpenApiDocument>();
	const within = (apiVersion: string) => kinds().filter((kind) => kind.apiVersion === apiVersion);

	const part = (apiVersion: string): Part => {
		const members = within(apiVersion);
		return parts.get(apiVersion, members, () => {
			// Bodies of subresources may be of other group versions.
			const bodies = [...(options.bodies ?? []), ...kinds().filter((kind) => kind.virtual)];
			const { paths, definitions } = openApiV2(members, { ...options, bodies }) as {
				paths: Json;
				definitions: Json;
			};
			return { paths, definitions };
		});
	};
	/** All parts together; what no part says alone is said last. */
	const whole = () => {
		// What other servers call as this one does is this one's.
		const all = [...remote(), ...new Set(kinds().map(({ apiVersion }) => apiVersion))].map((each) =>
			typeof each === "string" ? part(each) : each,
		);
		const {
			paths: _paths,
			definitions,
			...frame
		} = openApiV2([], options) as { paths: Json; definitions: Json; info: unknown };
		return {
			frame,
			paths: sorted(Object.assign({}, ...all.map(({ paths }) => paths))),
			definitions: sorted({ ...definitions, ...definitionsIn(all), ...deleteOptionsOf(all) }),
		};
	};
	/** Members are encoded once, however often the document is put together again. */
	const texts = new WeakMap<object, string>();
	const textOf = (value: unknown): string => {
		if (typeof value !== "object" || value === null) return JSON.stringify(value);
		const known = texts.get(value) ?? JSON.stringify(value);
		texts.set(value, known);
		return known;
	};
	const joined = (members: Json) =>
		`{${Object.entries(members)
			.map(([name, value]) => `${JSON.stringify(name)}:${textOf(value)}`)
			.join(",")}}`;

	return {
		v3: (apiVersion) =>
			version3.get(apiVersion, within(apiVersion), () => {
				const document = openApiV3(kinds(), apiVersion, options);
				return document && documentOf(Buffer.from(JSON.stringify(document)));
			}),
		v2: (format) =>
			version2.get(format, [...kinds(), ...remote()], () => {
				const { frame, paths, definitions } = whole();
				if (format === "protobuf") return documentOf(encodeOpenApiV2({ ...frame, paths, definitions }));
				const head = JSON.stringify(frame).slice(0, -1);
				return documentOf(
					Buffer.from(`${head},"paths":${joined(paths)},"definitions":${joined(definitions)}}`),
				);
			}),
	};
}

const documentOf = (body: Buffer): OpenApiDocument => ({
	body,
	hash: createHash("sha512").update(body).digest("hex").toUpperCase(),
});

/** A type that is a kind of its own in one part may be only a type in another: the former says more. */
const definitionsIn = (parts: readonly Part[]): Json =>
	Object.assign(
		{},
		...parts.map(({ definitions }) => definitions),
		...parts.map(({ definitions }) =>
			Object.fromEntries(
				Object.entries(definitions).filter(([, definition]) => IDENTITIES in (definition as object)),
			),
		),
	);

const sorted = (members: Json): Json =>
	Object.fromEntries(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1)));

const IDENTITIES = "x-kubernetes-group-version-kind";

/** DeleteOptions are of every group version: each part knows its own. */
function deleteOptionsOf(parts: readonly Part[]): Json {
	const found = parts.flatMap(({ definitions }) =>
		Object.entries(definitions).filter(([name]) => name.endsWith(".DeleteOptions")),
	) as [string, Json][];
	const [first] = found;
	if (!first) return {};
	const identities = new Map(
		found.flatMap(([, definition]) =>
			((definition[IDENTITIES] ?? []) as readonly Identity[]).map((identity) => [
				identity.group ? `${identity.group}/${identity.version}` : identity.version,
				identity,
			]),
		),
	);
	const ordered = [...identities].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, identity]) => identity);
	return { [first[0]]: { ...first[1], [IDENTITIES]: ordered } };
}

interface Identity {
	readonly group: string;
	readonly version: string;
}

/** Made again when what it was made of is no longer the same. */
class Remembered<T> {
	readonly #made = new Map<string, { readonly of: readonly object[]; readonly value: T }>();

	get(key: string, of: readonly object[], make: () => T): T {
		const known = this.#made.get(key);
		if (known && known.of.length === of.length && known.of.every((kind, index) => kind === of[index])) {
			return known.value;
		}
		const value = make();
		if (of.length) this.#made.set(key, { of, value });
		else this.#made.delete(key);
		return value;
	}
}
