/** Engines that restart, API servers that are away: pods are looked after all the same. */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { LABEL, SANDBOX } from "./labels.ts";
import {
	checkRunning,
	createPod,
	isGone,
	isReady,
	markDeleted,
	POD_PATH,
	podOn,
	remains,
	running,
	startAgent,
	until,
	withFakeHost,
} from "./mortal-agent.ts";

test("an engine that restarts: containers come back, and the agent hears of the next end too", async (t) => {
	await withFakeHost(async (host) => {
		await createPod(host);
		const agent = await startAgent(host);
		await until("the pod to run", () => isReady(host));
		host.runtime.crash();
		await until(
			"a restart",
			() => podOn(host)?.status?.containerStatuses?.[0]?.restartCount === 1 && running(host).length === 3,
		);
		checkRunning(t, host, "after the restart");
		const victim = running(host).find(({ labels }) => labels[LABEL.container] === "b");
		host.runtime.exit(victim?.id ?? "", 1);
		await until(
			"the end of b",
			() => podOn(host)?.status?.containerStatuses?.[1]?.lastState?.terminated?.exitCode === 1,
		);
		await agent.stop();
	});
});

test("an API server that is away: containers that end are started again", async (t) => {
	await withFakeHost(async (host) => {
		await createPod(host);
		const agent = await startAgent(host);
		await until("the pod to run", () => isReady(host));
		host.server.failNext(new Error("no route"), { times: Number.POSITIVE_INFINITY, match: () => true });
		host.server.dropWatches(new Error("connection lost"));
		const victim = running(host).find(({ labels }) => labels[LABEL.container] === "a");
		host.runtime.exit(victim?.id ?? "", 1);
		await until("a restart", () =>
			running(host).some(({ labels }) => labels[LABEL.container] === "a" && labels[LABEL.attempt] === "1"),
		);
		t.is(running(host).length, 3);
		await agent.stop();
	});
});

test("an agent that starts while the API server is away looks after what it finds", async (t) => {
	await withFakeHost(async (host) => {
		await createPod(host);
		const first = await startAgent(host);
		await until("the pod to run", () => isReady(host));
		await first.stop();
		let isAway = true;
		const options = { times: Number.POSITIVE_INFINITY, match: () => isAway };
		host.server.failNext(new Error("no route"), options);
		host.runtime.crash();
		const second = await startAgent(host);
		const again = () =>
			running(host).filter(
				({ labels }) => labels[LABEL.attempt] === "1" && labels[LABEL.container] !== SANDBOX,
			);
		await until("a restart", () => again().length === 2);
		isAway = false;
		await until("word of it", () =>
			podOn(host)?.status?.containerStatuses?.every((each) => each.restartCount === 1),
		);
		checkRunning(t, host, "when the API server is back");
		await markDeleted(host);
		await until("all to be gone", () => isGone(host));
		await second.stop();
	});
});

test("a pod that was deleted while nobody looked is not run again, with or without the API server", async (t) => {
	await withFakeHost(async (host) => {
		await createPod(host);
		const first = await startAgent(host);
		await until("the pod to run", () => isReady(host));
		await first.stop();
		await host.server.call({
			method: "PATCH",
			path: POD_PATH,
			contentType: "application/merge-patch+json",
			body: { metadata: { finalizers: null } },
		});
		await host.server.call({ method: "DELETE", path: POD_PATH, body: {} });
		let isAway = true;
		host.server.failNext(new Error("no route"), { times: Number.POSITIVE_INFINITY, match: () => isAway });
		const second = await startAgent(host);
		t.is(running(host).length, 3);
		isAway = false;
		await until("all to be gone", () => isGone(host));
		t.is(host.attached.size, 0);
		await second.stop();
	});
});

test("a host whose disk takes nothing more lets go of its pods", async (t) => {
	await withFakeHost(async (host) => {
		await createPod(host);
		const agent = await startAgent(host);
		await until("the pod to run", () => isReady(host));
		// In the place of the file, so that every write fails.
		const file = join(host.dataDir, "pods", podOn(host)?.metadata.uid ?? "", "pod.json");
		await rm(file);
		await mkdir(join(file, "in the way"), { recursive: true });
		await markDeleted(host);
		await until("all to be gone", () => isGone(host));
		t.is(host.attached.size, 0);
		t.deepEqual(await remains(host), []);
		await agent.stop();
	});
});

test("the time that a host leaves a pod it ends is the same for the next agent", async (t) => {
	await withFakeHost(async (host) => {
		await createPod(host, {
			terminationGracePeriodSeconds: 600,
			containers: [{ name: "a", image: "app:1", command: ["deaf"] }],
		});
		const first = await startAgent(host);
		await until("the pod to run", () => isReady(host));
		const pod = podOn(host);
		if (pod) void first.end(pod, { reason: "Evicted", message: "too much", grace: 2 });
		await until("word of it", () => podOn(host)?.status?.reason === "Evicted");
		await first.stop();
		t.is(running(host).length, 2);
		const second = await startAgent(host);
		await until("its end", () => podOn(host)?.status?.phase === "Failed", 10);
		t.like(podOn(host)?.status, { reason: "Evicted", message: "too much" });
		await second.stop();
	});
});

test("a pod of the same name is another pod", async (t) => {
	await withFakeHost(async (host) => {
		await createPod(host);
		const agent = await startAgent(host);
		await until("the pod to run", () => isReady(host));
		const first = podOn(host)?.metadata.uid;
		await markDeleted(host);
		await until("all to be gone", () => isGone(host));
		await createPod(host);
		await until("the pod to run", () => isReady(host));
		t.not(podOn(host)?.metadata.uid, first);
		t.true(running(host).every(({ labels }) => labels[LABEL.uid] === podOn(host)?.metadata.uid));
		await agent.stop();
	});
});
