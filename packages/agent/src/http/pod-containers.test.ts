import { type Pod, StatusError, systemClock } from "@berth/api";
import test from "ava";
import { podOf } from "../pods/decide.world.ts";
import { LABEL } from "../pods/labels.ts";
import { PLAIN_SECURITY } from "../runtime/container-spec.ts";
import { createFakeRuntime } from "../runtime/fake.ts";
import { podContainers } from "./pod-containers.ts";

const TARGET = { namespace: "default", pod: "web", container: "a" };

/** Attempts of one container, of which the last one has ended. */
async function endedIn(pod: Pod, attempts: readonly string[]) {
	const runtime = createFakeRuntime({ clock: systemClock, images: ["app:1"] });
	for (const [attempt, words] of attempts.entries()) {
		const id = await runtime.create({
			name: `a-${attempt}`,
			labels: {
				[LABEL.uid]: pod.metadata.uid,
				[LABEL.namespace]: "default",
				[LABEL.pod]: "web",
				[LABEL.container]: "a",
				[LABEL.attempt]: `${attempt}`,
			},
			image: "app:1",
			command: ["echo", words],
			env: [],
			mounts: [],
			namespaces: { network: "none", ipc: "shareable", pid: "private" },
			resources: { oomScore: 0 },
			security: PLAIN_SECURITY,
			stdin: false,
			stdinOnce: false,
			tty: false,
		});
		await runtime.start(id);
		await runtime.wait(id);
	}
	const containers = podContainers({ runtime, pods: () => [pod], clock: systemClock });
	return async (previous: boolean) => {
		const options = { follow: false, previous, timestamps: false };
		const log = await containers.logs(TARGET, options, new AbortController().signal);
		return Buffer.concat(await log.map((chunk) => Buffer.from(chunk)).toArray()).toString();
	};
}

test("while the next attempt is waited for, the previous log is that of the last one", async (t) => {
	const logOf = await endedIn(podOf(), ["one"]);
	t.is(await logOf(false), "one\n");
	t.is(await logOf(true), "one\n");
});

test("of a container that ended for good, the previous log is that of the attempt before", async (t) => {
	const pod = podOf({ restartPolicy: "Never" });
	const logOf = await endedIn(pod, ["one", "two"]);
	t.is(await logOf(false), "two\n");
	t.is(await logOf(true), "one\n");
	const alone = await endedIn(pod, ["one"]);
	const error = await t.throwsAsync(alone(true), { instanceOf: StatusError });
	t.is(error.message, 'previous terminated container "a" in pod "web" not found');
});
