import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Pod, silentLogger } from "@berth/api";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import { kubeletConfiguration } from "../../config/kubelet-configuration.ts";
import type { Ending } from "../../pods/ending.ts";
import { planShutdown, sharesOf } from "./plan-shutdown.ts";
import { createShutdownKeeper, type Shutdown, type ShutdownSource } from "./shutdown-keeper.ts";
import { systemdShutdown } from "./systemd-shutdown.ts";

const pod = (name: string, priority?: number) =>
	({ metadata: { name, uid: name }, spec: { priority, containers: [] } }) as unknown as Pod;
const configuration = kubeletConfiguration({
	apiVersion: "kubelet.config.k8s.io/v1beta1",
	kind: "KubeletConfiguration",
	shutdownGracePeriod: "30s",
	shutdownGracePeriodCriticalPods: "10s",
});

test("critical pods go last, in the time that is kept for them", (t) => {
	const plan = planShutdown([pod("dns", 2_000_000_000), pod("web"), pod("db", 5)], sharesOf(configuration));
	t.deepEqual(
		plan.map(({ pods, seconds }) => [pods.map(({ metadata }) => metadata.name).join(), seconds]),
		[
			["web,db", 20],
			["dns", 10],
		],
	);
	t.deepEqual(planShutdown([], sharesOf(configuration)), []);
});

test("each priority has its turn and its time, whatever lies below the lowest among it", (t) => {
	const byPriority = (shares: Readonly<Record<number, number>>) =>
		sharesOf(
			kubeletConfiguration({
				apiVersion: "kubelet.config.k8s.io/v1beta1",
				kind: "KubeletConfiguration",
				shutdownGracePeriodByPodPriority: Object.entries(shares).map(([priority, seconds]) => ({
					priority: Number(priority),
					shutdownGracePeriodSeconds: seconds,
				})),
			}),
		);
	const pods = [pod("dns", 2_000_000_000), pod("web"), pod("db", 1_000), pod("job", 50), pod("late", 99)];
	const plan = planShutdown(pods, byPriority({ 2000000000: 60, 1000: 10, 50: 120 }));
	t.deepEqual(
		plan.map(({ pods, seconds }) => [pods.map(({ metadata }) => metadata.name).join(), seconds]),
		[
			["web,job,late", 120],
			["db", 10],
			["dns", 60],
		],
	);
});

test("pods end in two phases before the host is let go, and it takes none on until it stays after all", async (t) => {
	const clock = createFakeClock();
	const told: string[] = [];
	const begin = Promise.withResolvers<Shutdown>();
	const cancelled = Promise.withResolvers<void>();
	const stop = new AbortController();
	const over = new Promise<undefined>((resolve) =>
		stop.signal.addEventListener("abort", () => resolve(undefined)),
	);
	let asked = 0;
	const source: ShutdownSource = {
		next: () => {
			asked += 1;
			return asked === 1 ? begin.promise : over;
		},
		isUnderWay: async () => false,
	};
	const ends = new Map<string, () => void>();
	const keeper = createShutdownKeeper({
		configuration,
		source,
		pods: () => [pod("dns", 2_000_000_000), pod("web"), pod("stubborn")],
		end: ({ metadata }: Pod, { reason, message, grace }: Ending) => {
			told.push(`${metadata.name} ${grace} ${reason} ${message}`);
			return new Promise((resolve) => ends.set(metadata.name, resolve));
		},
		changed: () => told.push(`going ${keeper.going}`),
		clock,
		log: silentLogger,
	});
	const running = keeper.run(stop.signal);
	const message = "Terminated Pod was terminated in response to imminent node shutdown.";
	begin.resolve({ release: () => told.push("released"), cancelled: cancelled.promise });
	await clock.until(() => told.length === 3);
	t.deepEqual(told.splice(0), ["going true", `web 20 ${message}`, `stubborn 20 ${message}`]);
	ends.get("web")?.();
	await clock.advance(19_000);
	t.deepEqual(told, []);
	await clock.advance(1_000);
	t.deepEqual(told.splice(0), [`dns 10 ${message}`]);
	ends.get("dns")?.();
	await clock.until(() => told.includes("released"));
	t.true(keeper.going);
	cancelled.resolve();
	await clock.until(() => asked === 2);
	t.false(keeper.going);
	stop.abort();
	await running;
});

test("an agent that is stopped with its host lets the pods end; one that is stopped alone does not", async (t) => {
	const clock = createFakeClock();
	let underWay = false;
	const told: string[] = [];
	const keeper = createShutdownKeeper({
		configuration,
		source: { next: async () => undefined, isUnderWay: async () => underWay },
		pods: () => [pod("web")],
		end: async ({ metadata }) => void told.push(metadata.name),
		changed: () => {},
		clock,
		log: silentLogger,
	});
	await keeper.leave();
	t.deepEqual(told, []);
	underWay = true;
	await keeper.leave();
	t.deepEqual(told, ["web"]);
	t.true(keeper.going);
});

test("systemd is held up, listened to, and let go", async (t) => {
	const path = await mkdtemp(join(tmpdir(), "berth-systemd-"));
	const program = async (name: string, script: string) => {
		await writeFile(join(path, name), `#!/bin/sh\n${script}\n`);
		await chmod(join(path, name), 0o755);
	};
	const said = "/org/freedesktop/login1: org.freedesktop.login1.Manager.PrepareForShutdown";
	await program("systemd-inhibit", "exec sleep 1000");
	await program(
		"gdbus",
		`case $1 in call) echo '(<uint64 5000000>,)';; *) echo '${said} (true,)'; echo '${said} (false,)'; exec sleep 1000;; esac`,
	);
	await program("systemctl", "echo stopping; exit 1");
	const warnings: string[] = [];
	const log = {
		...silentLogger,
		warn: (_: object, text: string) => warnings.push(text),
	} as typeof silentLogger;
	const stop = new AbortController();
	const source = systemdShutdown({ wanted: 30, log, path: `${path}:${process.env.PATH}` });
	t.true(await source.isUnderWay());
	const shutdown = await source.next(stop.signal);
	await shutdown?.cancelled;
	shutdown?.release();
	t.regex(warnings[0] ?? "", /InhibitDelayMaxSec=30/);
	const without = systemdShutdown({ wanted: 30, log, path: join(path, "nothing") });
	t.false(await without.isUnderWay());
	const waiting = without.next(stop.signal);
	stop.abort();
	t.is(await waiting, undefined);
	await rm(path, { recursive: true });
});
