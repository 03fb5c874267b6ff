/**
 * A cluster of one host for the tests that need Docker: a small API server in memory that lets pods go gracefully, and
 * an agent with a directory, a bridge and a range of addresses of its own.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import {
	type AnyKind,
	type Call,
	type Draft,
	formatTime,
	type Kind,
	type KubeObject,
	type Logger,
	Node,
	Pod,
	silentLogger,
	systemClock,
} from "@berth/api";
import { type Client, createClient, createFakeServer, createInformers, type FakeServer } from "@berth/client";
import { type KubeletConfiguration, kubeletConfiguration } from "./config/kubelet-configuration.ts";
import type { ShutdownSource } from "./node/shutdown/shutdown-keeper.ts";
import { runAgent } from "./run-agent.ts";
import { mustRun, run } from "./steps/spawn.ts";

const exec = promisify(execFile);
const NODE = "test-host";
const BRIDGE = "berthtest0";
export const IMAGE = "berth-agent-test:1";
const SOCKET = process.env.BERTH_TEST_DOCKER ?? "/var/run/docker.sock";

export interface FakeCluster extends AsyncDisposable {
	readonly client: Client;
	readonly server: FakeServer;
	/** `Normal Started Started container c`, oldest first. */
	readonly events: readonly string[];
	readonly dataDir: string;
	startAgent(): void;
	/** Aborts the agent and waits for it. */
	stopAgent(): Promise<void>;
	create(name: string, spec: Draft<Pod>["spec"], metadata?: Draft<Pod>["metadata"]): Promise<Pod>;
	pod(name: string): Pod | undefined;
	/** Waits for a pod that answers the question, ten seconds at most. */
	until<T>(what: string, question: () => T | Promise<T>, seconds?: number): Promise<NonNullable<T>>;
	running(name: string): Promise<Pod>;
	remove(name: string, grace?: number): Promise<void>;
	objects<T extends KubeObject>(kind: Kind<T>): readonly T[];
	/** Output of a command in a container. */
	exec(pod: string, container: string, ...command: string[]): Promise<string>;
	docker(...args: string[]): Promise<string>;
	/** Ids of the containers that the agent made, one a line. */
	containers(...filters: string[]): Promise<string>;
}

export interface FakeClusterOptions {
	/** Shows what the agent says. */
	readonly log?: Logger | undefined;
	readonly shutdowns?: ShutdownSource | undefined;
	/** Of the agent; read anew whenever one starts. */
	readonly configuration?: (() => KubeletConfiguration) | undefined;
}

/** The agent runs, and the node is ready, when it resolves. */
export async function createFakeCluster({
	log = silentLogger,
	configuration = () => kubeletConfiguration(),
	shutdowns,
}: FakeClusterOptions = {}): Promise<FakeCluster> {
	const dataDir = await mkdtemp(join(tmpdir(), "berth-agent-"));
	const server = createFakeServer({ now: () => Date.now() });
	const client = createClient(gracefully(server));
	const events: string[] = [];
	const record = (type: string) => (about: KubeObject, reason: string, message: string) => {
		events.push(`${about.metadata.name} ${type} ${reason} ${message}`);
	};
	const tls = await certificate(dataDir);
	await ensureTestImage(dataDir);
	let stop = new AbortController();
	let agent: Promise<unknown> = Promise.resolve();

	const cluster: FakeCluster = {
		client,
		server,
		events,
		dataDir,
		startAgent() {
			stop = new AbortController();
			const informers = createInformers({ client, clock: systemClock, log });
			const running = runAgent(
				{
					client,
					informers,
					events: { normal: record("Normal"), warning: record("Warning") },
					nodeName: NODE,
					nodeAddresses: ["127.0.0.1"],
					dockerSocket: SOCKET,
					dataDir,
					bridge: BRIDGE,
					clusterDns: "10.96.0.10",
					clusterDomain: "cluster.local",
					podCidrs: ["10.244.0.0/16"],
					port: 0,
					tls,
					clock: systemClock,
					configuration: configuration(),
					shutdowns,
					log,
				},
				stop.signal,
			);
			agent = Promise.all([running, informers.start(stop.signal)]);
			// A test that never stops it sees it fail when it ends.
			agent.catch(() => {});
		},
		async stopAgent() {
			stop.abort();
			await agent;
		},
		async create(name, spec, metadata = {}) {
			const draft: Draft<Pod> = {
				metadata: { ...metadata, name, namespace: "default", finalizers: ["test/held"] },
				spec: { restartPolicy: "Always", terminationGracePeriodSeconds: 5, nodeName: NODE, ...spec },
			};
			return client.create(Pod, draft);
		},
		pod: (name) => server.objects<Pod>(Pod).find(({ metadata }) => metadata.name === name),
		async until(what, question, seconds = 10) {
			const deadline = Date.now() + seconds * 1000;
			for (;;) {
				const answer = await question();
				if (answer) return answer;
				if (Date.now() > deadline) {
					const pods = JSON.stringify(
						server.objects<Pod>(Pod).map(({ status }) => status),
						null,
						1,
					);
					throw new Error(`waited in vain for ${what}\n${pods}\n${events.join("\n")}`);
				}
				await sleep(20);
			}
		},
		running: (name) =>
			cluster.until(`${name} to run`, () => {
				const pod = cluster.pod(name);
				return pod?.status?.phase === "Running" &&
					pod.status.containerStatuses?.every(({ state }) => state?.running)
					? pod
					: undefined;
			}),
		async remove(name, grace) {
			await client.delete(
				Pod,
				{ namespace: "default", name },
				grace === undefined ? {} : { gracePeriodSeconds: grace },
			);
			await cluster.until(`${name} to be gone`, () => !cluster.pod(name), 15);
		},
		objects: (kind: AnyKind) => server.objects(kind),
		async exec(pod, container, ...command) {
			const id = cluster
				.pod(pod)
				?.status?.containerStatuses?.find(({ name }) => name === container)
				?.containerID?.replace("docker://", "");
			return cluster.docker("exec", id ?? "", ...command);
		},
		docker: async (...args) => (await exec("docker", ["-H", `unix://${SOCKET}`, ...args])).stdout.trim(),
		containers: (...filters) =>
			cluster.docker("ps", "-aq", "--filter", `label=berth.node=${NODE}`, ...filters),
		async [Symbol.asyncDispose]() {
			await Promise.all(
				server.objects<Pod>(Pod).map(({ metadata }) => cluster.remove(metadata.name, 0).catch(() => {})),
			);
			await cluster
				.until("containers to be gone", async () => (await cluster.containers()) === "", 15)
				.catch(() => {});
			await cluster.stopAgent().catch(() => {});
			for (const id of (await cluster.containers()).split("\n").filter(Boolean))
				await cluster.docker("rm", "-f", id);
			await run("ip", ["link", "del", BRIDGE]);
			await rm(dataDir, { recursive: true, force: true });
		},
	};

	await client.create(Node, { metadata: { name: NODE }, spec: { podCIDR: "10.244.77.0/24" } });
	cluster.startAgent();
	await cluster.until("the node to be ready", () =>
		server
			.objects<Node>(Node)[0]
			?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True"),
	);
	return cluster;
}

/** Deletions of pods mark them; what the agent says with no grace left removes them. */
function gracefully(server: FakeServer): FakeServer {
	const merge = (path: string, metadata: object) =>
		server.call({ method: "PATCH", path, contentType: "application/merge-patch+json", body: { metadata } });
	return {
		...server,
		async call(call: Call) {
			if (call.method !== "DELETE" || !/\/pods\/[^/]+$/.test(call.path)) return server.call(call);
			const { gracePeriodSeconds } = call.body as { gracePeriodSeconds?: number };
			const pod = (await server.call({ method: "GET", path: call.path })) as Pod;
			if (gracePeriodSeconds !== 0) {
				const grace = gracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30;
				const deletionTimestamp = formatTime(Date.now() + grace * 1000);
				return merge(call.path, { deletionTimestamp, deletionGracePeriodSeconds: grace });
			}
			const gone = await merge(call.path, { finalizers: null, deletionGracePeriodSeconds: 0 });
			return pod.metadata.deletionTimestamp ? gone : server.call({ ...call, body: {} });
		},
	};
}

/** A shell and its tools, from the host's own static busybox: nothing is pulled. */
export async function ensureTestImage(directory: string): Promise<void> {
	if ((await run("docker", ["-H", `unix://${SOCKET}`, "image", "inspect", IMAGE])).code === 0) return;
	const root = join(directory, "root");
	const script = `set -e
		mkdir -p ${root}/bin ${root}/etc ${root}/tmp
		cp "$(command -v busybox)" ${root}/bin/busybox
		chroot ${root} /bin/busybox --install -s /bin
		echo root:x:0:0:root:/:/bin/sh > ${root}/etc/passwd
		tar -C ${root} -c . | docker -H unix://${SOCKET} import --change 'CMD ["/bin/sh"]' - ${IMAGE}`;
	await mustRun("sh", ["-c", script]);
}

async function certificate(directory: string) {
	const [key, cert] = [join(directory, "key.pem"), join(directory, "cert.pem")];
	await mustRun("openssl", [
		...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
		...["-keyout", key, "-out", cert, "-subj", `/CN=${NODE}`, "-days", "1"],
	]);
	const certificate = await readFile(cert, "utf8");
	return { certificate, key: await readFile(key, "utf8"), ca: certificate };
}

/** The pod, once it has ended. */
export const ended = (cluster: FakeCluster, name: string): Pod | undefined => {
	const pod = cluster.pod(name);
	return pod?.status?.phase === "Failed" || pod?.status?.phase === "Succeeded" ? pod : undefined;
};

/** The pod, once one of its containers waits for this reason. */
export const waiting = (cluster: FakeCluster, name: string, reason: string): Pod | undefined => {
	const pod = cluster.pod(name);
	const statuses = pod?.status?.containerStatuses ?? [];
	return statuses.some(({ state }) => state?.waiting?.reason === reason) ? pod : undefined;
};
