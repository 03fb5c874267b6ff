/**
 * Charges what is new to the quotas of its namespace, and refuses what would exceed them. The last word: what is charged
 * here is about to be stored. A charge for something that is not stored after all is taken back by the controller.
 */
import {
	type Clock,
	isCountedOn,
	type KubeObject,
	Pod,
	parseQuantity,
	type QuotaUsage,
	quotaQuantity,
	quotaSelects,
	quotaUsage,
	ResourceQuota,
	unsaidResources,
} from "@berth/api";
import type { Objects } from "../store/objects.ts";
import { type AdmissionPlugin, type AdmissionRequest, refuse } from "./admission.ts";

/** Subresources whose writes change what an object takes. */
const COUNTED_SUBRESOURCES: readonly (string | undefined)[] = [undefined, "resize"];

export function resourceQuota({
	objects,
	clock,
}: {
	readonly objects: Objects;
	readonly clock: Clock;
}): AdmissionPlugin {
	const quotas = objects.of<ResourceQuota>(ResourceQuota);
	const turns = new Map<string, Promise<void>>();

	/** One request at a time in each namespace that has quotas: charges do not overtake each other. */
	async function inTurn(namespace: string, work: () => Promise<void>): Promise<void> {
		const turn = (turns.get(namespace) ?? Promise.resolve()).then(work, work);
		turns.set(namespace, turn);
		try {
			await turn;
		} finally {
			if (turns.get(namespace) === turn) turns.delete(namespace);
		}
	}

	async function charge(request: AdmissionRequest, object: KubeObject, delta: QuotaUsage): Promise<void> {
		const { kind, namespace, dryRun } = request;
		const concerned = quotas
			.list(namespace)
			.filter((cached) => quotaSelects(cached.object, kind, object))
			.map((cached) => ({ cached, next: nextUsage(request, cached.object, delta) }));
		if (dryRun) return;
		for (const { cached, next } of concerned) {
			if (!next) continue;
			const updated = { ...cached.object, status: { ...cached.object.status, used: next } };
			const written = await objects.update(ResourceQuota, updated, cached.revision);
			// The controller, or a person, was faster: all is looked at anew.
			if (!written) return charge(request, object, delta);
		}
	}

	return {
		name: "ResourceQuota",
		validate: async (request) => {
			const { kind, namespace, operation, subresource, object, old } = request;
			if (operation !== "CREATE" && operation !== "UPDATE") return;
			if (!namespace || !object || !COUNTED_SUBRESOURCES.includes(subresource)) return;
			if (quotas.list(namespace).length === 0) return;
			const now = clock.now();
			const before = old ? quotaUsage(kind, old, now) : new Map<string, bigint>();
			const after = quotaUsage(kind, object, now);
			const delta = new Map([...after].map(([name, nano]) => [name, nano - (before.get(name) ?? 0n)]));
			if ([...delta.values()].every((nano) => nano <= 0n)) return;
			await inTurn(namespace, () => charge(request, object, delta));
		},
	};
}

/** What the quota's `used` becomes; undefined when nothing of it changes. Throws Forbidden. */
function nextUsage(
	request: AdmissionRequest,
	{ metadata, spec, status }: ResourceQuota,
	delta: QuotaUsage,
): Readonly<Record<string, string>> | undefined {
	const limited = Object.keys(spec.hard ?? {}).filter((name) => isCountedOn(name, request.kind));
	if (request.kind === Pod && request.operation === "CREATE" && request.object) {
		const unsaid = unsaidResources(request.object as Pod, limited);
		if (unsaid) throw refuse(request, `failed quota: ${metadata.name}: must specify ${unsaid}`);
	}
	const rising = limited.filter((name) => (delta.get(name) ?? 0n) > 0n);
	if (rising.length === 0) return undefined;
	const { hard = {}, used = {} } = status ?? {};
	const unknown = rising.filter((name) => hard[name] === undefined || used[name] === undefined);
	if (unknown.length) {
		throw refuse(
			request,
			`status unknown for quota: ${metadata.name}, resources: ${unknown.toSorted().join(",")}`,
		);
	}
	const next = new Map(
		rising.map((name) => [name, parseQuantity(used[name] ?? "0") + (delta.get(name) ?? 0n)]),
	);
	const exceeded = rising
		.filter((name) => (next.get(name) ?? 0n) > parseQuantity(hard[name] ?? "0"))
		.toSorted();
	if (exceeded.length) {
		const text = (amount: (name: string) => string) =>
			exceeded.map((name) => `${name}=${amount(name)}`).join(",");
		throw refuse(
			request,
			`exceeded quota: ${metadata.name}, requested: ${text((name) => quotaQuantity(name, delta.get(name) ?? 0n))}, used: ${text((name) => used[name] ?? "0")}, limited: ${text((name) => hard[name] ?? "0")}`,
		);
	}
	return {
		...used,
		...Object.fromEntries([...next].map(([name, nano]) => [name, quotaQuantity(name, nano)])),
	};
}
