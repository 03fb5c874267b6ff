/**
 * Objects that every cluster has, whatever anybody does to them: the system namespaces, and the service by which pods
 * reach the API server. Made at start, put right when they change, through the front door like everything else.
 */
import {
	type AnyKind,
	type Clock,
	type Draft,
	deepEqual,
	EndpointSlice,
	Endpoints,
	hasReason,
	isIPv4,
	type KubeObject,
	type Logger,
	Namespace,
	PriorityClass,
	Service,
	SYSTEM_PRIORITIES,
	type Transport,
} from "@berth/api";
import type { Objects } from "../store/objects.ts";

/** One object, as it must be: fields that `draft` does not say are anybody's. */
export interface Wanted {
	readonly kind: AnyKind;
	readonly draft: Draft<KubeObject>;
}

export interface BootstrapOptions {
	readonly wanted: readonly Wanted[];
	/** Its user may do everything. */
	readonly transport: Transport;
	readonly objects: Objects;
	readonly clock: Clock;
	readonly log: Logger;
}

const RETRY = 5_000;
const SYSTEM_NAMESPACES = ["default", "kube-system", "kube-public", "kube-node-lease"];

export const systemNamespaces = (): Wanted[] =>
	SYSTEM_NAMESPACES.map((name) => ({ kind: Namespace, draft: { metadata: { name } } }));

/** Classes of pods that the cluster cannot do without. */
export const systemPriorities = (): Wanted[] =>
	[...SYSTEM_PRIORITIES].map(([name, value]) => ({
		kind: PriorityClass,
		draft: { metadata: { name }, value, description: PRIORITY_DESCRIPTIONS[name] ?? "" },
	}));

const PRIORITY_DESCRIPTIONS: Readonly<Record<string, string>> = {
	"system-node-critical": "For pods that their node needs, and that must stay on it.",
	"system-cluster-critical": "For pods that the cluster needs, on whatever node.",
};

/**
 * The `kubernetes` service at `serviceAddress`, with the API server behind it. A server that only its own host can
 * reach (a loopback address) has a service without endpoints.
 */
export function kubernetesService(options: {
	/** Where pods reach the API server. */
	readonly address: string;
	readonly port: number;
	/** `10.96.0.1`. */
	readonly serviceAddress: string;
}): Wanted[] {
	const { address, port, serviceAddress } = options;
	const metadata = { name: "kubernetes", namespace: "default" };
	const ports = [{ name: "https", port, protocol: "TCP" as const }];
	const service: Draft<Service> = {
		metadata: { ...metadata, labels: { component: "apiserver", provider: "kubernetes" } },
		spec: {
			clusterIP: serviceAddress,
			clusterIPs: [serviceAddress],
			ipFamilies: ["IPv4"],
			ipFamilyPolicy: "SingleStack",
			ports: [{ name: "https", protocol: "TCP", port: 443, targetPort: port }],
			sessionAffinity: "None",
			type: "ClusterIP",
		},
	};
	const reachable = isIPv4(address) && !address.startsWith("127.") && address !== "0.0.0.0";
	const endpoints: Draft<Endpoints> = {
		metadata: { ...metadata, labels: { "endpointslice.kubernetes.io/skip-mirror": "true" } },
		subsets: reachable ? [{ addresses: [{ ip: address }], ports }] : [],
	};
	const slice: Draft<EndpointSlice> = {
		metadata: { ...metadata, labels: { "kubernetes.io/service-name": "kubernetes" } },
		addressType: "IPv4",
		endpoints: reachable ? [{ addresses: [address], conditions: { ready: true } }] : [],
		ports,
	};
	return [
		{ kind: Service, draft: service },
		{ kind: Endpoints, draft: endpoints },
		{ kind: EndpointSlice, draft: slice },
	];
}

/** Resolves when everything wanted is there, and keeps it so until disposed. Throws when it cannot be made. */
export async function bootstrapObjects(options: BootstrapOptions): Promise<AsyncDisposable> {
	for (const wanted of options.wanted) await ensure(options, wanted);
	const stop = new AbortController();
	const loops = options.wanted.map((wanted) => keep(options, wanted, stop.signal));
	return {
		[Symbol.asyncDispose]: async () => {
			stop.abort();
			await Promise.all(loops);
		},
	};
}

/** Looks again whenever the object changes. */
async function keep(options: BootstrapOptions, wanted: Wanted, signal: AbortSignal): Promise<void> {
	const { objects, clock, log } = options;
	const { name, namespace } = wanted.draft.metadata;
	const key = keyOfDraft(wanted.draft);
	while (!signal.aborted) {
		const cache = objects.of<KubeObject>(wanted.kind);
		const watch = cache.watch({ namespace, after: cache.revision });
		const end = () => void watch[Symbol.asyncDispose]();
		signal.addEventListener("abort", end);
		try {
			await ensure(options, wanted);
			for await (const batch of watch.batches) {
				if (batch.some(({ current }) => current.key === key)) await ensure(options, wanted);
			}
			// Without an error only somebody's stop ends it.
			return;
		} catch (error) {
			// In the middle of a deletion it cannot be made again yet; its last event comes here too.
			log.warn(
				{ err: error, kind: wanted.kind.kind, name },
				"cannot put a system object right; trying again",
			);
		} finally {
			signal.removeEventListener("abort", end);
			await watch[Symbol.asyncDispose]();
		}
		await clock.sleep(RETRY, signal);
	}
}

async function ensure({ transport, objects }: BootstrapOptions, { kind, draft }: Wanted): Promise<void> {
	const { namespace, name = "" } = draft.metadata;
	const root = kind.group ? `/apis/${kind.apiVersion}` : `/api/${kind.version}`;
	const path = `${root}${namespace ? `/namespaces/${namespace}` : ""}/${kind.plural}`;
	const existing = objects.of<KubeObject>(kind).get(keyOfDraft(draft))?.object;
	try {
		if (!existing) {
			await transport.call({ method: "POST", path, body: draft });
			return;
		}
		const mended = existing.metadata.deletionTimestamp ? existing : mend(existing, draft);
		if (!deepEqual(mended, existing)) {
			await transport.call({ method: "PUT", path: `${path}/${name}`, body: mended });
		}
	} catch (error) {
		// Somebody was faster: the event of that comes next, and it is looked at again.
		if (!hasReason(error, "AlreadyExists", "Conflict", "NotFound")) throw error;
	}
}

/** `existing` with every field that `draft` says. Objects are merged, lists are replaced. */
export function mend<T>(existing: T, draft: unknown): T {
	if (!isRecord(existing) || !isRecord(draft)) return (draft === undefined ? existing : draft) as T;
	const fields = Object.entries(draft).map(([name, value]) => [name, mend(existing[name], value)]);
	return { ...existing, ...Object.fromEntries(fields) };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === "object" && value !== null && !Array.isArray(value);

const keyOfDraft = ({ metadata: { namespace, name = "" } }: Draft<KubeObject>): string =>
	namespace ? `${namespace}/${name}` : name;
