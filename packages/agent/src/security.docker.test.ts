/** Who containers run as and what they may, on a real Docker. See pods.docker.test.ts. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Container, type Draft, type Pod, RuntimeClass } from "@berth/api";
import test, { type ExecutionContext } from "ava";
import { createFakeCluster, ended, type FakeCluster, IMAGE, waiting } from "./fake-cluster.ts";
import { mustRun } from "./steps/spawn.ts";

const SLEEP = ["sleep", "1000"];
const SOCKET = process.env.BERTH_TEST_DOCKER ?? "/var/run/docker.sock";
const clusterTest = (title: string, body: (t: ExecutionContext, cluster: FakeCluster) => Promise<void>) =>
	test.serial(title, async (t) => {
		await using cluster = await createFakeCluster();
		await body(t, cluster);
	});

type Spec = Partial<Draft<Pod>["spec"]>;
type Context = Container["securityContext"];

/** One container `c` that sleeps. */
const create = (cluster: FakeCluster, name: string, own: Context = {}, spec: Spec = {}, image = IMAGE) =>
	cluster.create(name, { containers: [{ name: "c", image, command: SLEEP, securityContext: own }], ...spec });

/** The test image with changes, as a Dockerfile says them. */
async function imageWith(name: string, ...changes: readonly string[]): Promise<string> {
	const docker = `docker -H unix://${SOCKET}`;
	const flags = changes.map((change) => `--change '${change}'`).join(" ");
	const script = `id=$(${docker} create ${IMAGE} true) && ${docker} export $id |
		${docker} import ${flags} - ${name} && ${docker} rm $id`;
	await mustRun("sh", ["-ec", script]);
	return name;
}

/** Lines of /proc/self/status, by their first word. */
async function processStatus(cluster: FakeCluster, name: string): Promise<ReadonlyMap<string, string>> {
	const text = await cluster.exec(name, "c", "cat", "/proc/1/status");
	return new Map(
		text.split("\n").map((line) => [line.split(":")[0] ?? "", (line.split(":")[1] ?? "").trim()]),
	);
}

const waitingMessage = async (cluster: FakeCluster, name: string, reason: string) => {
	const pod = await cluster.until(`${name} to wait`, () => waiting(cluster, name, reason));
	return pod.status?.containerStatuses?.[0]?.state?.waiting?.message ?? "";
};

clusterTest("users and groups", async (t, cluster) => {
	const numeric = await imageWith("berth-test/numeric:1", "USER 1234");
	const named = await imageWith("berth-test/named:1", "USER operator");
	const groups = { fsGroup: 3003, supplementalGroups: [4004] };
	await create(cluster, "both", { runAsUser: 1001, runAsGroup: 2002 }, { securityContext: groups });
	await create(cluster, "shared", {}, { securityContext: { runAsUser: 1001, runAsGroup: 2002, ...groups } });
	await create(cluster, "own", { runAsUser: 7 }, { securityContext: { runAsUser: 1001 } });
	await create(cluster, "numeric", { runAsNonRoot: true }, {}, numeric);
	await create(cluster, "root", { runAsNonRoot: true });
	await create(cluster, "zero", { runAsNonRoot: true, runAsUser: 0 });
	await create(cluster, "named", {}, { securityContext: { runAsNonRoot: true } }, named);
	const ids = async (name: string) => {
		await cluster.running(name);
		return [await cluster.exec(name, "c", "id", "-u"), await cluster.exec(name, "c", "id", "-G")];
	};
	const sorted = ([uid = "", all = ""]: readonly string[]) => [uid, all.split(" ").sort().join(" ")];
	t.deepEqual(sorted(await ids("both")), ["1001", "2002 3003 4004"]);
	t.deepEqual(sorted(await ids("shared")), ["1001", "2002 3003 4004"]);
	t.deepEqual(await ids("own"), ["7", "0"]);
	t.is((await ids("numeric"))[0], "1234");
	for (const [name, message] of [
		[
			"root",
			/^container has runAsNonRoot and image will run as root \(pod: "root_default\(.*\)", container: c\)$/,
		],
		["zero", /^container's runAsUser breaks non-root policy \(pod: /],
		[
			"named",
			/^container has runAsNonRoot and image has non-numeric user \(operator\), cannot verify user is non-root/,
		],
	] as const) {
		t.regex(await waitingMessage(cluster, name, "CreateContainerConfigError"), message);
	}
	t.deepEqual(cluster.pod("both")?.status?.containerStatuses?.[0]?.user?.linux, {
		uid: 1001,
		gid: 2002,
		supplementalGroups: [2002, 3003, 4004],
	});
});

clusterTest("capabilities, privilege, escalation and the root file system", async (t, cluster) => {
	await create(cluster, "plain");
	await create(cluster, "none", { capabilities: { drop: ["ALL"] } });
	await create(cluster, "some", { capabilities: { add: ["NET_ADMIN", "CAP_SYS_TIME"], drop: ["KILL"] } });
	await create(cluster, "bind", { capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } });
	await create(cluster, "all", { privileged: true });
	await create(cluster, "held", { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true });
	const capabilities = async (name: string) => {
		await cluster.running(name);
		return BigInt(`0x${(await processStatus(cluster, name)).get("CapEff")}`);
	};
	const [KILL, BIND, ADMIN, TIME] = [1n << 5n, 1n << 10n, 1n << 12n, 1n << 25n];
	const plain = await capabilities("plain");
	t.is(plain & (KILL | BIND | ADMIN | TIME), KILL | BIND);
	t.is(await capabilities("none"), 0n);
	t.is(await capabilities("some"), (plain | ADMIN | TIME) & ~KILL);
	t.is(await capabilities("bind"), BIND);
	const [, own = ""] = /^CapBnd:\s*(\S+)/m.exec(await readFile("/proc/self/status", "utf8")) ?? [];
	const known = (1n << 38n) - 1n;
	t.is((await capabilities("all")) & known, BigInt(`0x${own}`) & known, "all that the host has");
	t.is(
		await cluster.exec(
			"all",
			"c",
			"sh",
			"-c",
			"mkdir /m && mount -t tmpfs t /m && [ -c /dev/kmsg ] && echo may",
		),
		"may",
	);
	await cluster.running("held");
	t.is((await processStatus(cluster, "held")).get("NoNewPrivs"), "1");
	t.is((await processStatus(cluster, "plain")).get("NoNewPrivs"), "0");
	await t.throwsAsync(cluster.exec("held", "c", "touch", "/x"), { message: /Read-only file system/ });
	t.is(await cluster.exec("plain", "c", "touch", "/x"), "");
});

clusterTest("seccomp, SELinux, AppArmor and /proc", async (t, cluster) => {
	const profiles = join(cluster.dataDir, "seccomp");
	await mkdir(profiles, { recursive: true });
	const profile = {
		defaultAction: "SCMP_ACT_ALLOW",
		syscalls: [{ names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO" }],
	};
	await writeFile(join(profiles, "no-mkdir.json"), JSON.stringify(profile));
	const local = (localhostProfile: string) =>
		({ seccompProfile: { type: "Localhost", localhostProfile } }) as const;
	await create(cluster, "unsaid");
	await create(cluster, "unconfined", { seccompProfile: { type: "Unconfined" } });
	await create(cluster, "default", {}, { securityContext: { seccompProfile: { type: "RuntimeDefault" } } });
	await create(cluster, "local", local("no-mkdir.json"));
	await create(cluster, "missing", local("gone.json"));
	await create(cluster, "labelled", { seLinuxOptions: { type: "spc_t", level: "s0:c1,c2" } });
	await create(cluster, "unmasked", { procMount: "Unmasked" });
	const seccomp = async (name: string) => {
		await cluster.running(name);
		return (await processStatus(cluster, name)).get("Seccomp");
	};
	const hasFilters = (await cluster.docker("info", "-f", "{{.SecurityOptions}}")).includes("seccomp");
	t.deepEqual([await seccomp("unsaid"), await seccomp("unconfined")], ["0", "0"]);
	t.deepEqual([await seccomp("default"), await seccomp("local")], hasFilters ? ["2", "2"] : ["0", "0"]);
	if (hasFilters)
		await t.throwsAsync(cluster.exec("local", "c", "mkdir", "/d"), { message: /not permitted/ });
	t.regex(
		await waitingMessage(cluster, "missing", "CreateContainerConfigError"),
		/cannot load seccomp profile "gone.json": .*no such file/,
	);
	const inspected = async (name: string, format: string) => {
		const pod = await cluster.running(name);
		const id = pod.status?.containerStatuses?.[0]?.containerID?.replace("docker://", "") ?? "";
		return cluster.docker("inspect", "-f", format, id);
	};
	const options = await inspected("labelled", "{{.HostConfig.SecurityOpt}}");
	t.true(options.includes("label=type:spc_t") && options.includes("label=level:s0:c1,c2"), options);
	t.is(await inspected("unmasked", "{{.HostConfig.MaskedPaths}}"), "[]");
	await create(cluster, "armoured", { appArmorProfile: { type: "RuntimeDefault" } });
	const armoured = await cluster.until(
		"AppArmor, or a word about it",
		() =>
			ended(cluster, "armoured") ??
			(cluster.pod("armoured")?.status?.phase === "Running" ? cluster.pod("armoured") : undefined),
	);
	if (armoured.status?.phase === "Failed") t.is(armoured.status.reason, "AppArmor");
});

clusterTest("sysctls, users of their own, and runtimes", async (t, cluster) => {
	for (const [name, handler] of [
		["known", "runc"],
		["unknown", "kata"],
	] as const) {
		await cluster.client.create(RuntimeClass, { metadata: { name }, handler });
	}
	const sysctls = (name: string, value: string) => ({ securityContext: { sysctls: [{ name, value }] } });
	await create(cluster, "safe", {}, sysctls("kernel.shm_rmid_forced", "1"));
	await create(cluster, "unsafe", {}, sysctls("kernel.msgmax", "10000000000"));
	await create(cluster, "mapped", {}, { hostUsers: false });
	await create(cluster, "known", {}, { runtimeClassName: "known" });
	await create(cluster, "unknown", {}, { runtimeClassName: "unknown" });
	await create(cluster, "nowhere", {}, { runtimeClassName: "nowhere" });
	await cluster.running("safe");
	t.is(await cluster.exec("safe", "c", "cat", "/proc/sys/kernel/shm_rmid_forced"), "1");
	const unsafe = await cluster.until("the refusal", () => ended(cluster, "unsafe"));
	t.like(unsafe.status, { phase: "Failed", reason: "SysctlForbidden" });
	t.regex(unsafe.status?.message ?? "", /forbidden sysctl: "kernel.msgmax" not allowlisted/);
	await cluster.running("known");
	const failure = (name: string) =>
		cluster.until(`${name}'s event`, () =>
			cluster.events.find((event) => event.startsWith(`${name} Warning FailedCreatePodSandBox`)),
		);
	t.regex(await failure("mapped"), /user namespaces are not supported/);
	t.regex(await failure("unknown"), /Failed to create pod sandbox: .*kata/);
	t.regex(await failure("nowhere"), /"nowhere" not found/);
	t.is(cluster.pod("unknown")?.status?.phase, "Pending");
});
