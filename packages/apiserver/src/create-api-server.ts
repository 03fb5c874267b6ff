/** Composes the process: state, authority, policy, registry and front door; and takes them apart in the reverse order. */
import { hostname } from "node:os";
import { join } from "node:path";
import {
	type AnyKind,
	type Clock,
	Eviction,
	KINDS,
	type KubeObject,
	type Logger,
	Node,
	Pod,
	Scale,
	Secret,
	Service,
	ServiceAccount,
	ServiceCIDR,
	systemClock,
	type Transport,
	type UserInfo,
} from "@berth/api";
import { createAdmission } from "./admission/admission.ts";
import { admissionPlugins } from "./admission/plugins.ts";
import { checkPolicyTypes } from "./admission/policies/type-check-controller.ts";
import { authenticationConfig, startAggregation } from "./aggregation/aggregation.ts";
import { createExtensionServers } from "./aggregation/extension-servers.ts";
import { createAuthenticator } from "./auth/authenticate.ts";
import { installPolicy } from "./auth/install-policy.ts";
import { nodeAuthorizer } from "./auth/node-authorizer.ts";
import { createRbac, MASTERS } from "./auth/rbac.ts";
import { type BoundLookup, createTokens } from "./auth/tokens.ts";
import { signRequests } from "./certificates/signing.ts";
import { serveCustomResources } from "./custom-resources/definitions.ts";
import { createAgents } from "./http/agent-road/agents.ts";
import { createDiscovery } from "./http/discovery-routes.ts";
import { createEncodings } from "./http/encodings.ts";
import type { HealthCheck } from "./http/health.ts";
import { inProcessTransport } from "./http/in-process.ts";
import { listen } from "./http/listen.ts";
import { requestMetrics } from "./http/metrics.ts";
import { createOpenApi } from "./http/openapi.ts";
import { createOutbound } from "./http/outbound/outbound.ts";
import { createUpgrades } from "./http/upgrade.ts";
import { DAY } from "./pki/authority.ts";
import { type Identity, openPki } from "./pki/pki.ts";
import { servingNames } from "./pki/serving.ts";
import { addressBook } from "./registry/allocators/address-book.ts";
import { firstAddress } from "./registry/allocators/address-range.ts";
import { keepAddresses } from "./registry/allocators/keep-addresses.ts";
import { createServiceAllocator } from "./registry/allocators/service-allocator.ts";
import { serviceRanges } from "./registry/allocators/service-ranges.ts";
import {
	bootstrapObjects,
	kubernetesService,
	systemNamespaces,
	systemPriorities,
	type Wanted,
} from "./registry/bootstrap.ts";
import { expireEvents } from "./registry/event-expiry.ts";
import { mandatoryFlows, suggestFlows } from "./registry/flow-control.ts";
import { createRegistry } from "./registry/registry.ts";
import { createServedKinds } from "./registry/served-kinds.ts";
import { requestChain } from "./server.ts";
import { createObjects } from "./store/create-objects.ts";
import type { Objects } from "./store/objects.ts";
import type { Store } from "./store/store.ts";
import { createUsageCollector } from "./usage/collector.ts";
import { metricsKinds } from "./usage/metrics-kinds.ts";

export interface ApiServerOptions {
	/** Holds `pki/` and, unless a store is given, `store/`. Made when missing. */
	readonly dataDir: string;
	/** Default 127.0.0.1. */
	readonly bindAddress?: string | undefined;
	/** 0: any free port. */
	readonly port: number;
	/** Where hosts and people reach this server; default the bind address. */
	readonly advertiseAddress?: string | undefined;
	/** Default `10.96.0.0/16`; a second family behind a comma. Held by the ServiceCIDR `kubernetes` from the first start on. */
	readonly serviceCidr?: string | undefined;
	/** Further names and addresses for the serving certificate. */
	readonly extraSans?: readonly string[] | undefined;
	readonly log: Logger;
	readonly clock?: Clock | undefined;
	/** Default: the embedded store in `dataDir`. One that is given is left open by `close`. */
	readonly store?: Store | undefined;
}

export interface ApiServer {
	/** `https://address:port`, as this server advertises itself. */
	readonly url: string;
	readonly port: number;
	readonly caPem: string;
	/** The in-process front door for `user`. */
	transport(user: UserInfo): Transport;
	kubeconfig(options: Identity & { readonly server?: string | undefined }): Promise<string>;
	/** Fails readiness, ends watches, lets requests finish, and closes the store. */
	close(): Promise<void>;
}

const SELF: UserInfo = { username: "system:apiserver", groups: [MASTERS] };
const NODE_PORTS = { first: 30_000, last: 32_767 };
/** Kinds of subresources alone: they have no collection of their own. */
const SUBRESOURCE_KINDS = [Eviction, Scale];
/** How long requests under way may take once the server stops. */
const PATIENCE = 5_000;

/** Resolves when the server answers and is ready. Throws when the directory is in use or damaged, or the port taken. */
export async function createApiServer(options: ApiServerOptions): Promise<ApiServer> {
	const { dataDir, log, clock = systemClock, bindAddress = "127.0.0.1" } = options;
	const serviceCidr = options.serviceCidr ?? "10.96.0.0/16";
	const address = options.advertiseAddress ?? (isWildcard(bindAddress) ? "127.0.0.1" : bindAddress);
	await using cleanup = new AsyncDisposableStack();

	const pki = await openPki(dataDir, { clock });
	const store = options.store ?? (await openStore(dataDir));
	if (!options.store) cleanup.defer(() => store.close());
	const objects = await createObjects({ store, kinds: KINDS, log, clock });
	cleanup.defer(() => objects.close());

	const rbac = cleanup.use(createRbac({ objects, log }));
	const authorizer = nodeAuthorizer({ objects, behind: rbac });
	const tokens = createTokens({ key: pki.signingKey, clock, lookup: boundLookup(objects) });
	const agents = createAgents({ caPem: pki.caPem, certificate: () => pki.agentClientCertificate(), clock });
	cleanup.defer(() => agents.close());
	const servedKinds = createServedKinds(KINDS);
	const outbound = createOutbound({ objects, clock, random: Math.random });
	cleanup.defer(() => outbound.close());
	const admission = admissionPlugins({
		objects,
		clock,
		authorizer,
		random: Math.random,
		kinds: () => servedKinds.kinds,
		outbound,
		log,
	});
	const book = addressBook(objects, () => clock.now());
	const registry = createRegistry({
		objects,
		kinds: servedKinds,
		admission,
		allocators: [
			createServiceAllocator({
				services: objects.of<Service>(Service),
				ranges: serviceRanges(objects.of<ServiceCIDR>(ServiceCIDR), serviceCidr),
				book,
				nodePorts: NODE_PORTS,
				random: Math.random,
			}),
		],
		computed: metricsKinds(objects, createUsageCollector({ objects, agents, clock, log })),
		authorizer,
		tokens,
		clock,
		log,
	});

	const stopping = new AbortController();
	cleanup.defer(() => stopping.abort());
	const transport = (user: UserInfo) =>
		inProcessTransport({ registry, authorizer, user, stopping: stopping.signal });
	const self = transport(SELF);
	const keep = async (wanted: readonly Wanted[]) =>
		cleanup.use(await bootstrapObjects({ wanted, transport: self, objects, clock, log }));
	await keep(systemNamespaces());
	await keep(systemPriorities());
	await installPolicy(objects, self);
	await keep(mandatoryFlows());
	await suggestFlows(objects, self);
	const frontProxy = await pki.frontProxy();
	await keep(authenticationConfig({ caPem: pki.caPem, frontProxy }));
	const servers = createExtensionServers({ objects, frontProxy, clock, random: Math.random });
	cleanup.defer(() => servers.close());
	const kinds = () => registry.kinds;
	const aggregation = cleanup.use(
		startAggregation({ objects, served: servedKinds, servers, transport: self, clock, log }),
	);
	cleanup.use(
		await serveCustomResources({ objects, kinds: servedKinds, transport: self, outbound, clock, log }),
	);
	cleanup.use(checkPolicyTypes({ objects, kinds, transport: self, clock, log }));

	const metrics = requestMetrics(registry);
	cleanup.defer(() => metrics.close());
	const names = servingNames([
		hostname(),
		address,
		...(isWildcard(bindAddress) ? [] : [bindAddress]),
		firstAddress(serviceCidr),
		...(options.extraSans ?? []),
	]);
	let url = "";
	const upgrades = createUpgrades(() => handle);
	const encodings = createEncodings();
	const handle = requestChain({
		registry,
		authenticator: createAuthenticator({ tokens, log }),
		authorizer,
		metrics,
		discovery: createDiscovery({
			kinds,
			remote: aggregation.versions,
			address: () => new URL(url).host,
			encodings,
		}),
		openApi: createOpenApi({ kinds, bodies: SUBRESOURCE_KINDS, remote: aggregation.versions }),
		bodies: SUBRESOURCE_KINDS,
		encodings,
		jwk: pki.signingKey.jwk,
		healthEndpoints: healthEndpoints(store, stopping.signal),
		stopping: stopping.signal,
		objects,
		agents,
		servers,
		upgrades,
		admission: createAdmission(admission),
		random: Math.random,
		clock,
		log,
	}).callback();
	const listener = await listen({
		address: bindAddress,
		port: options.port,
		certificate: await pki.servingCertificate(names),
		caPem: pki.caPem,
		onRequest: handle,
		onUpgrade: upgrades.onUpgrade,
		clock,
		log,
	});
	cleanup.defer(() => listener.close(PATIENCE));
	cleanup.defer(() => stopping.abort());
	url = `https://${address.includes(":") ? `[${address}]` : address}:${listener.port}`;
	cleanup.defer(
		daily(clock, async () => listener.replaceCertificate(await pki.servingCertificate(names)), log),
	);
	cleanup.use(await keepAddresses({ objects, book, own: serviceCidr, transport: self, clock, log }));
	await keep(kubernetesService({ address, port: listener.port, serviceAddress: firstAddress(serviceCidr) }));
	cleanup.use(expireEvents({ objects, clock, log }));
	cleanup.use(signRequests({ objects, pki, transport: self, clock, log }));
	log.info({ url }, "API server ready");

	const opened = cleanup.move();
	return {
		url,
		port: listener.port,
		caPem: pki.caPem,
		transport,
		kubeconfig: (identity) => pki.kubeconfig({ ...identity, server: identity.server ?? url }),
		close: () => opened.disposeAsync(),
	};
}

/** Loaded only where it is used: who brings a store of its own needs no native library. */
async function openStore(dataDir: string): Promise<Store> {
	const { openEmbeddedStore } = await import("./store/embedded/embedded-store.ts");
	return openEmbeddedStore({ directory: join(dataDir, "store") });
}

const isWildcard = (address: string): boolean => address === "0.0.0.0" || address === "::";

function boundLookup(objects: Objects): BoundLookup {
	const kinds: Readonly<Record<Parameters<BoundLookup>[0], AnyKind>> = { ServiceAccount, Pod, Secret, Node };
	return (kind, namespace, name) =>
		objects.of<KubeObject>(kinds[kind]).get(namespace === undefined ? name : `${namespace}/${name}`)?.object;
}

function healthEndpoints(store: Store, stopping: AbortSignal) {
	const ping: HealthCheck = { name: "ping", check: () => {} };
	const storeCheck: HealthCheck = { name: "store", check: async () => void (await store.revision()) };
	const shutdown: HealthCheck = {
		name: "shutdown",
		check: () => {
			if (stopping.aborted) throw new Error("the server is stopping");
		},
	};
	return [
		{ name: "livez", checks: [ping, storeCheck] },
		{ name: "healthz", checks: [ping, storeCheck] },
		{ name: "readyz", checks: [ping, storeCheck, shutdown] },
	];
}

/** Runs `work` once a day until the answer is called. */
function daily(clock: Clock, work: () => Promise<void>, log: Logger): () => void {
	let cancel = () => {};
	const next = () => {
		cancel = clock.after(DAY, () => {
			work().catch((error: unknown) =>
				log.error({ err: error }, "the serving certificate could not be renewed"),
			);
			next();
		});
	};
	next();
	return () => cancel();
}
