/** One version of a custom resource as another one: nothing but the apiVersion changes, or a webhook is asked. */
import {
	type CustomResourceDefinition,
	deepEqual,
	isJsonObject,
	type KubeObject,
	own,
	StatusError,
} from "@berth/api";
import type { Outbound } from "../http/outbound/outbound.ts";

export interface Converter {
	/** True when nobody need be asked. */
	readonly immediate: boolean;
	/** All to `apiVersion`, in order. Rejects with a StatusError. */
	convert(objects: readonly KubeObject[], apiVersion: string): Promise<readonly KubeObject[]>;
}

/** How long a webhook may take, in seconds. */
const TIMEOUT = 30;
/** Objects sent at once: few enough for a body that a webhook reads. */
const BATCH = 500;

/** Only the apiVersion changes. */
export const relabel = (object: KubeObject, apiVersion: string): KubeObject =>
	object.apiVersion === apiVersion ? object : { ...object, apiVersion };

/** `signal` aborts when the server stops. */
export function createConverter(
	definition: CustomResourceDefinition,
	outbound: Outbound,
	signal: AbortSignal,
): Converter {
	const { conversion } = definition.spec;
	const client = conversion?.strategy === "Webhook" ? conversion.webhook?.clientConfig : undefined;
	if (!client) {
		return {
			immediate: true,
			convert: async (objects, apiVersion) => objects.map((object) => relabel(object, apiVersion)),
		};
	}

	async function ask(objects: readonly KubeObject[], apiVersion: string): Promise<readonly KubeObject[]> {
		const uid = crypto.randomUUID();
		const review = {
			kind: "ConversionReview",
			apiVersion: "apiextensions.k8s.io/v1",
			request: { uid, desiredAPIVersion: apiVersion, objects },
		};
		const first = objects[0]!;
		try {
			const answer = await outbound.post(client!, review, { timeoutSeconds: TIMEOUT, signal });
			return converted(answer, uid, objects, apiVersion);
		} catch (error) {
			if (error instanceof StatusError) throw error;
			const detail = error instanceof Error ? error.message : String(error);
			throw failed(`conversion webhook for ${first.apiVersion}, Kind=${first.kind} failed: ${detail}`);
		}
	}

	return {
		immediate: false,
		convert: async (objects, apiVersion) => {
			const others = objects.filter((object) => object.apiVersion !== apiVersion);
			const made = new Map<KubeObject, KubeObject>();
			// All that are sent together are of one version.
			for (const group of Map.groupBy(others, (object) => object.apiVersion).values()) {
				for (let start = 0; start < group.length; start += BATCH) {
					const batch = group.slice(start, start + BATCH);
					const answers = await ask(batch, apiVersion);
					for (const [index, object] of batch.entries()) made.set(object, answers[index] ?? object);
				}
			}
			return objects.map((object) => made.get(object) ?? object);
		},
	};
}

/** The answer's objects, when it is an answer to this question. Throws plain errors. */
function converted(
	answer: unknown,
	uid: string,
	objects: readonly KubeObject[],
	apiVersion: string,
): readonly KubeObject[] {
	const given = isJsonObject(answer) && isJsonObject(answer.response) ? answer.response : undefined;
	if (!given) throw new Error("no response provided");
	if (given.uid !== uid) {
		throw new Error(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(given.uid ?? "")}`);
	}
	const result = isJsonObject(given.result) ? given.result : {};
	if (result.status !== "Success") throw new Error(String(result.message ?? ""));
	const list = Array.isArray(given.convertedObjects) ? (given.convertedObjects as readonly unknown[]) : [];
	if (list.length !== objects.length) {
		throw new Error(`webhook returned ${list.length} objects, expected ${objects.length}`);
	}
	return objects.map((object, index) => checked(object, list[index], index, apiVersion));
}

/** Labels and annotations may change with the version; whatever else metadata holds is the original's. */
function checked(original: KubeObject, made: unknown, index: number, apiVersion: string): KubeObject {
	const wrong = (detail: string) => new Error(`invalid converted object at index ${index}: ${detail}`);
	if (!isJsonObject(made)) throw wrong("expected an object");
	if (made.apiVersion !== apiVersion)
		throw wrong(`invalid groupVersion (expected ${apiVersion}, received ${made.apiVersion})`);
	if (made.kind !== original.kind)
		throw wrong(`invalid kind (expected ${original.kind}, received ${made.kind})`);
	const metadata = isJsonObject(made.metadata) ? made.metadata : undefined;
	if (!metadata) throw wrong("invalid metadata of type null in converted object");
	for (const field of ["name", "namespace", "uid"] as const) {
		if ((own(metadata, field) ?? "") !== (original.metadata[field] ?? ""))
			throw wrong(`must have the same ${field}`);
	}
	const { labels: _labels, annotations: _annotations, ...rest } = original.metadata;
	return {
		...made,
		apiVersion,
		kind: original.kind,
		metadata: { ...rest, ...texts("labels", metadata.labels), ...texts("annotations", metadata.annotations) },
	};
}

function texts(field: "labels" | "annotations", value: unknown): Readonly<Record<string, unknown>> {
	if (!isJsonObject(value) || deepEqual(value, {})) return {};
	if (!Object.values(value).every((text) => typeof text === "string")) {
		throw new Error(`metadata.${field} must hold texts`);
	}
	return { [field]: value };
}

const failed = (message: string) =>
	new StatusError({
		kind: "Status",
		apiVersion: "v1",
		metadata: {},
		status: "Failure",
		message,
		code: 500,
	});
