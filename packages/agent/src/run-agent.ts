/** The agent of one host: its node, its pods, its server. The one place that composes them. */
import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { type Clock, Node, Pod, RuntimeClass, Service } from "@berth/api";
import { createMetrics } from "@berth/daemon";
import { kubeletConfiguration } from "./config/kubelet-configuration.ts";
import { createCallers } from "./http/callers.ts";
import { podContainers } from "./http/pod-containers.ts";
import { startAgentServer } from "./http/server.ts";
import { renewCertificates } from "./node/certificates/renew-certificates.ts";
import { createEngineHealth } from "./node/engine-health.ts";
import { createHost } from "./node/host.ts";
import type { AgentOptions } from "./options.ts";
import type { PodEnvironment } from "./pods/environment.ts";
import { createPodManager } from "./pods/manager.ts";
import { createDockerRuntime } from "./runtime/docker.ts";
import { hostRights } from "./runtime/host-rights.ts";
import { followManifests } from "./static-pods/manifests.ts";
import { createMirrors } from "./static-pods/mirrors.ts";
import { createAgentMetrics, exposeAgentFacts } from "./stats/agent-metrics.ts";
import { createProbeMetrics } from "./stats/probe-metrics.ts";
import { timedRuntime } from "./stats/timed-runtime.ts";
import { createCni } from "./steps/network/cni.ts";
import { createNetwork } from "./steps/network/network.ts";
import { createPodDirectories } from "./steps/pod-directory.ts";
import { run } from "./steps/spawn.ts";
import { createSteps } from "./steps/steps.ts";

/** Milliseconds. Pods come in bursts; each question is a process. */
const MTU_HOLDS = 5_000;
const DEFAULTS = {
	dockerSocket: "/var/run/docker.sock",
	dataDir: "/var/lib/berth/agent",
	cniBinDirs: ["/opt/cni/bin", "/usr/lib/cni", "/usr/libexec/cni"],
	bridge: "berth0",
	port: 10250,
} as const;

/** Runs until the signal aborts. Containers run on: the next agent takes them over. */
export async function runAgent(options: AgentOptions, signal: AbortSignal): Promise<void> {
	const { client, informers, events, nodeName, clock, random = Math.random } = options;
	const dataDir = options.dataDir ?? DEFAULTS.dataDir;
	const configuration = options.configuration ?? kubeletConfiguration();
	const log = options.log.child({ node: nodeName });
	const port = options.port ?? DEFAULTS.port;
	const { certificates } = options;
	const registry = options.metrics ?? createMetrics();
	const metrics = createAgentMetrics(registry);
	const docker = createDockerRuntime({
		socket: options.dockerSocket ?? DEFAULTS.dockerSocket,
		rights: await hostRights(),
	});
	const health = createEngineHealth(clock);
	const engine = timedRuntime(docker, {
		operated(...operation) {
			metrics.operated(...operation);
			health.operated(...operation);
		},
	});
	const directories = createPodDirectories(join(dataDir, "pods"));
	const pods = informers.of(Pod, { fieldSelector: `spec.nodeName=${nodeName}` });
	const nodes = informers.of(Node);
	const services = informers.of(Service);
	const classes = informers.of(RuntimeClass);
	const hostIps = options.nodeAddresses.filter((address) => isIP(address) !== 0);
	const podCidrs = () => {
		const { podCIDRs, podCIDR } = nodes.get(nodeName)?.spec ?? {};
		return podCIDRs ?? (podCIDR ? [podCIDR] : []);
	};
	const network = createNetwork({
		cni: createCni(options.cniBinDirs ?? DEFAULTS.cniBinDirs, process.env.PATH ?? ""),
		directories,
		dataDir,
		bridge: options.bridge ?? DEFAULTS.bridge,
		mtu: heldFor(MTU_HOLDS, clock, () => mtuTowards(options.nodeAddresses)),
		podCidrs,
		log,
	});
	const host = await createHost({
		runtime: engine,
		client,
		nodeName,
		addresses: options.nodeAddresses,
		port,
		configuration,
		directories,
		dataDir,
		informed: (stop) => informers.synced(stop),
		networkObstacle: () => network.obstacle(),
		engineObstacle: health.obstacle,
		pods: () => manager.staying(),
		end: (pod, ending) => manager.end(pod, ending),
		shutdowns: options.shutdowns,
		events,
		clock,
		log,
		random,
	});
	const { runtime, stats } = host;
	exposeAgentFacts(registry, {
		nodeName,
		containers: () => stats.containers(),
		evictions: () => host.evictions,
	});
	const probes = createProbeMetrics();
	const environment: PodEnvironment = {
		client,
		runtime,
		network,
		steps: createSteps({
			...options,
			dataDir,
			runtime,
			directories,
			podPidsLimit: configuration.podPidsLimit ?? -1,
			serializeImagePulls: configuration.serializeImagePulls ?? true,
			seccompDefault: configuration.seccompDefault ?? false,
			classOf: (name) => classes.get(name),
			services: () => (services.synced ? services.list() : undefined),
			allocatable: () => host.node?.status?.allocatable ?? {},
			hostIps,
			log,
		}),
		directories,
		events,
		probes,
		podStarted: metrics.podStarted,
		preempted: metrics.preempted,
		staticChanged: () => mirrors.wake(),
		nodeName,
		hostIps,
		clock,
		random,
		log,
	};
	// When one part fails, the others have to end before the failure is told.
	const failed = new AbortController();
	const left = new AbortController();
	const life = AbortSignal.any([left.signal, failed.signal]);
	const leave = () => void host.leave().finally(() => left.abort());
	if (signal.aborted) leave();
	else signal.addEventListener("abort", leave, { once: true });
	const mirrors = createMirrors({
		client,
		informer: pods,
		node: () => nodes.get(nodeName),
		pods: () => manager.staticPods(),
		clock,
		log,
	});
	const manager = createPodManager({
		environment,
		informer: pods,
		// Before services are known, containers would not be told of them.
		informed: informers.synced(life).catch(() => {}),
		node: () => nodes.get(nodeName),
		rules: () => host.rules(),
		followManifests: (tell, stop) => followManifests({ configuration, nodeName, clock, log }, tell, stop),
		lost: () => host.look(),
	});
	const unsubscribe = nodes.subscribe(({ object }) => {
		if (object.metadata.name === nodeName) host.look();
	});
	const guarded = (part: Promise<void>) =>
		part.catch((error: unknown) => {
			failed.abort();
			if (!signal.aborted) throw error;
		});
	try {
		await using _server = await startAgentServer({
			port,
			addresses: hostIps,
			tls: { ...options.tls, ...certificates?.current("serving") },
			renewals: certificates?.onServing,
			callers: createCallers({ client, nodeName, clock }),
			containers: podContainers({ runtime, pods: () => manager.pods(), clock }),
			stats,
			pods: () => manager.pods(),
			metrics: () => registry.metrics(),
			probeMetrics: () => probes.text(),
			configuration,
			clock,
			log,
		});
		const renewal = { ...environment, node: () => host.node, failed: metrics.renewalFailed };
		const parts = [...host.start(life), manager.run(life), mirrors.run(life)];
		if (certificates) parts.push(renewCertificates({ ...renewal, certificates }, life));
		const ends = await Promise.allSettled(parts.map(guarded));
		for (const end of ends) if (end.status === "rejected") throw end.reason;
	} finally {
		unsubscribe();
		signal.removeEventListener("abort", leave);
		await engine.close();
	}
}

/** Asks once for all who ask within so many milliseconds. */
function heldFor<T>(milliseconds: number, clock: Clock, ask: () => Promise<T>): () => Promise<T> {
	let known: { readonly answer: Promise<T>; readonly at: number } | undefined;
	return () => {
		if (!known || clock.now() - known.at >= milliseconds) known = { answer: ask(), at: clock.now() };
		return known.answer;
	};
}

/** Of the interface that has one of the addresses, in bytes. */
async function mtuTowards(addresses: readonly string[]): Promise<number | undefined> {
	const [name] =
		Object.entries(networkInterfaces()).find(([, list]) =>
			list?.some(({ address, internal }) => !internal && addresses.includes(address)),
		) ?? [];
	if (!name) return undefined;
	const { code, stdout } = await run("ip", ["-j", "link", "show", "dev", name]);
	if (code !== 0) return undefined;
	const [link] = JSON.parse(stdout) as { mtu?: number }[];
	return link?.mtu;
}
