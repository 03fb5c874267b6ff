/** Docker's API in our words and ours in Docker's. */
import { PassThrough, Writable } from "node:stream";
import { finished } from "node:stream/promises";
import test from "ava";
import fc from "fast-check";
import type { ContainerSpec } from "./container-spec.ts";
import { demultiplex } from "./demultiplex.ts";
import { createOptions } from "./docker-create.ts";
import { containerInfo, eventOf, isCauseOpen, runtimeError, runtimeInfo } from "./docker-inspect.ts";
import { ALL_RIGHTS } from "./host-rights.ts";
import type { ContainerInfo } from "./runtime.ts";
import { tarOfFile } from "./tar.ts";

const spec: ContainerSpec = {
	name: "c",
	labels: { a: "b" },
	image: "app:1",
	command: ["run"],
	args: ["--fast"],
	env: [{ name: "A", value: "1=2" }],
	namespaces: { network: { join: "s0" }, ipc: { join: "s0" }, pid: "private" },
	mounts: [{ source: "/host:dir", target: "/dir", readOnly: true, propagation: "rslave" }],
	resources: { cpuShares: 256, cpuQuota: 50_000, memory: 1_000, oomScore: -997, cgroupParent: "/berth/pod1" },
	security: {
		user: "1:2",
		groups: [3],
		privileged: false,
		addCapabilities: ["NET_ADMIN"],
		dropCapabilities: ["ALL"],
		readOnlyRoot: true,
		noNewPrivileges: true,
		seccomp: "unconfined",
		unmasked: false,
		sysctls: {},
	},
	stdin: false,
	stdinOnce: false,
	tty: false,
};

test("a container as Docker makes it", (t) => {
	const options = createOptions(spec, ALL_RIGHTS);
	t.like(options, {
		Entrypoint: ["run"],
		Cmd: ["--fast"],
		Env: ["A=1=2"],
		User: "1:2",
		Healthcheck: { Test: ["NONE"] },
		HostConfig: {
			NetworkMode: "container:s0",
			IpcMode: "container:s0",
			PidMode: "",
			RestartPolicy: { Name: "no" },
			Memory: 1_000,
			MemorySwap: 1_000,
			CpuPeriod: 100_000,
			CpuQuota: 50_000,
			OomScoreAdj: -997,
			CgroupParent: "/berth/pod1",
			SecurityOpt: ["no-new-privileges", "seccomp=unconfined"],
			GroupAdd: ["3"],
			Mounts: [
				{
					Type: "bind",
					Source: "/host:dir",
					Target: "/dir",
					ReadOnly: true,
					BindOptions: { Propagation: "rslave", ReadOnlyNonRecursive: true },
				},
			],
		},
	});
	t.is(
		createOptions(spec, { lowestOomScore: 0 }).HostConfig.OomScoreAdj,
		0,
		"no lower than the host lets it",
	);
	const device = { source: "/dev/sdb", target: "/dev/data", readOnly: true };
	const asked = { PathOnHost: "/dev/sdb", PathInContainer: "/dev/data", CgroupPermissions: "r" };
	const all = { PathOnHost: "/dev", PathInContainer: "/dev", CgroupPermissions: "rwm" };
	const withDevice = { ...spec, devices: [device] };
	t.deepEqual(createOptions(withDevice, ALL_RIGHTS).HostConfig.Devices, [asked]);
	const privileged = { ...withDevice, security: { ...spec.security, privileged: true } };
	const few = { ...ALL_RIGHTS, capabilities: ["CHOWN"] };
	t.deepEqual(createOptions(privileged, few).HostConfig.Devices, [all, asked]);
	const bare = createOptions({ ...spec, command: undefined, args: undefined }, ALL_RIGHTS);
	t.false("Entrypoint" in bare || "Cmd" in bare);
});

test("privileged containers get what there is", (t) => {
	const all = { ...spec, security: { ...spec.security, privileged: true } };
	t.true(createOptions(all, ALL_RIGHTS).HostConfig.Privileged);
	const poor = { lowestOomScore: 0, capabilities: ["CHOWN", "SYS_ADMIN"] };
	t.like(createOptions(all, poor).HostConfig, {
		Privileged: false,
		CapAdd: ["CHOWN", "SYS_ADMIN"],
		CapDrop: [],
		MaskedPaths: [],
		DeviceCgroupRules: ["a *:* rwm"],
	});
	t.deepEqual(createOptions(spec, poor).HostConfig.CapAdd, ["NET_ADMIN"], "others what they ask for");
});

test("states of containers", (t) => {
	const inspected = (Status: string) => ({
		Id: "1",
		Name: "/c",
		Created: "2026-01-01T00:00:00.5Z",
		Image: "sha256:1",
		State: {
			Status,
			Pid: 0,
			ExitCode: 1,
			OOMKilled: false,
			Error: "",
			StartedAt: "2026-01-01T00:00:01Z",
			FinishedAt: "0001-01-01T00:00:00Z",
		},
		Config: { Image: "app:1", Labels: null, Tty: false, OpenStdin: false },
	});
	const states = ["created", "running", "paused", "restarting", "removing", "exited", "dead"].map(
		(status) => containerInfo(inspected(status)).state,
	);
	t.deepEqual(states, ["created", "running", "running", "running", "exited", "exited", "exited"]);
	t.like(containerInfo(inspected("running")), {
		name: "c",
		finishedAt: 0,
		createdAt: Date.UTC(2026, 0, 1) + 500,
		labels: {},
		stopSignal: "SIGTERM",
	});
	const ended = inspected("exited");
	const early = { ...ended, State: { ...ended.State, FinishedAt: "2026-01-01T00:00:00.9Z" } };
	t.is(containerInfo(early).finishedAt, Date.UTC(2026, 0, 1, 0, 0, 1), "no end before the beginning");
});

test("a failure under a memory limit is looked at again while it is fresh", (t) => {
	const failed = (changes: Partial<ContainerInfo>) =>
		isCauseOpen(
			{
				state: "exited",
				exitCode: 137,
				oomKilled: false,
				limits: { memory: 1 },
				finishedAt: 10_000,
				...changes,
			} as ContainerInfo,
			10_500,
		);
	t.true(failed({}));
	t.false(failed({ oomKilled: true }));
	t.false(failed({ exitCode: 0 }));
	t.false(failed({ limits: {} }));
	t.false(failed({ finishedAt: 9_000 }));
	t.false(failed({ state: "running" }));
});

test("events", (t) => {
	const event = (Action: string) =>
		eventOf(JSON.stringify({ Action, Actor: { ID: "1", Attributes: { a: "b" } } }));
	t.deepEqual(event("die"), { type: "exited", id: "1", labels: { a: "b" } });
	t.is(event("exec_create: sh"), undefined);
});

test("errors keep Docker's own words", (t) => {
	const error = (statusCode: number, message: string) =>
		runtimeError({ statusCode, json: { message }, message: "x" });
	t.like(error(404, "No such container: x"), { failure: "noContainer", message: "No such container: x" });
	t.like(error(404, "No such image: x:1"), { failure: "noImage" });
	t.like(error(500, "disk full"), { failure: "other", message: "disk full" });
	t.like(runtimeError(new Error("connect ENOENT /x")), {
		failure: "unreachable",
		message: "Docker does not answer: connect ENOENT /x",
	});
	t.is(
		runtimeError({ statusCode: 500, message: "(HTTP code 500) server error - it broke " }).message,
		"it broke",
	);
});

test("engines", (t) => {
	const info = {
		ServerVersion: "28.2.2",
		KernelVersion: "6.1",
		OperatingSystem: "Debian",
		Architecture: "aarch64",
		NCPU: 4,
		MemTotal: 1,
		DockerRootDir: "/d",
	};
	t.like(runtimeInfo(info), {
		name: "docker://28.2.2",
		architecture: "arm64",
		cgroupDriver: "cgroupfs",
		cgroupVersion: 1,
	});
	t.like(runtimeInfo({ ...info, CgroupDriver: "systemd", CgroupVersion: "2" }), {
		cgroupDriver: "systemd",
		cgroupVersion: 2,
	});
});

test("two streams come apart however they were cut", async (t) => {
	const frame = (stream: number, text: string) => {
		const head = Buffer.alloc(8);
		head[0] = stream;
		head.writeUInt32BE(Buffer.byteLength(text), 4);
		return Buffer.concat([head, Buffer.from(text)]);
	};
	const frames = fc.array(fc.tuple(fc.constantFrom(1, 2), fc.string()), { maxLength: 20 });
	await fc.assert(
		fc.asyncProperty(frames, fc.integer({ min: 1, max: 50 }), async (parts, step) => {
			const whole = Buffer.concat(parts.map(([stream, text]) => frame(stream, text)));
			const source = new PassThrough();
			const seen = ["", ""];
			const sink = (index: number) =>
				new Writable({
					highWaterMark: 4,
					write: (chunk, _encoding, done) => {
						seen[index] += chunk.toString("latin1");
						setImmediate(done);
					},
				});
			const [stdout, stderr] = [sink(0), sink(1)];
			const done = Promise.all([demultiplex(source, stdout, stderr), finished(stdout), finished(stderr)]);
			for (let at = 0; at < whole.length; at += step) source.write(whole.subarray(at, at + step));
			source.end();
			await done;
			const expected = (wanted: number) =>
				parts
					.filter(([stream]) => stream === wanted)
					.map(([, text]) => Buffer.from(text).toString("latin1"))
					.join("");
			t.deepEqual(seen, [expected(1), expected(2)]);
		}),
		{ numRuns: 50 },
	);
});

test("a tar of one file", (t) => {
	const tar = Buffer.from(tarOfFile("pause", 0o755, Buffer.from("hello")));
	t.is(tar.length % 512, 0);
	t.is(tar.toString("latin1", 0, 5), "pause");
	t.is(tar.toString("latin1", 257, 262), "ustar");
	t.is(tar.toString("latin1", 512, 517), "hello");
	const sum = tar
		.subarray(0, 512)
		.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
	t.is(Number.parseInt(tar.toString("latin1", 148, 154), 8), sum);
});
