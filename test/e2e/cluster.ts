/** The lab as a user sees it: kubectl, the hosts' shells, and waiting for what they show. */
import process from "node:process";
import type { TestFn } from "ava";
import { must, type Result, type Running, run, start } from "../programs.ts";

export { eventually } from "../eventually.ts";

const KUBECTL = process.env.BERTH_KUBECTL ?? "kubectl";
const LAB = process.env.BERTH_LAB ?? "e2e";

const berth = (...args: string[]) => must({ program: "npx", args: ["berth", "lab", ...args] });

/** A host's shell. */
export const onHost = (host: string, ...command: string[]) =>
	berth("exec", "--name", LAB, host, "--", ...command);
export const lab = (verb: string, ...args: string[]) => berth(verb, "--name", LAB, ...args);

export interface Kubectl {
	/** stdout; throws with stderr when kubectl fails. */
	(...args: string[]): Promise<string>;
	readonly namespace: string;
	try(...args: string[]): Promise<Result>;
	apply(manifest: string, ...args: string[]): Promise<string>;
	json<T = Record<string, unknown>>(...args: string[]): Promise<T>;
	/** A kubectl that goes on by itself (logs -f, port-forward, get -w); the test ends it. */
	start(...args: string[]): Running;
}

/** kubectl in a namespace. */
export function kubectlIn(namespace: string): Kubectl {
	const scoped = (args: readonly string[], input?: string) => ({
		program: KUBECTL,
		args: ["--namespace", namespace, ...args],
		input,
	});
	const kubectl = (...args: string[]) => must(scoped(args));
	return Object.assign(kubectl, {
		namespace,
		try: (...args: string[]) => run(scoped(args)),
		apply: (manifest: string, ...args: string[]) => must(scoped(["apply", "-f", "-", ...args], manifest)),
		json: async <T>(...args: string[]): Promise<T> => JSON.parse(await kubectl(...args, "-o", "json")),
		start: (...args: string[]) => start(scoped(args)),
	});
}

/** Conditions and container states of each pod, one pod a line. */
const POD_STATES =
	'{range .items[*]}{.metadata.name}{" "}{.status.conditions}{" "}{.status.containerStatuses[*].state}{"\\n"}{end}';

/** A namespace of the test file's own, removed at its end. */
export function namespaceFor(test: TestFn, name: string): Kubectl {
	const kubectl = kubectlIn(name);
	test.before("make the namespace", async () => {
		await kubectl.try("delete", "namespace", name, "--ignore-not-found");
		await kubectl("create", "namespace", name);
	});
	test.afterEach.always("tell of a failure what the cluster shows", async (t) => {
		if (t.passed) return;
		const pods = await kubectl.try("get", "pods", "-o", "wide");
		const states = await kubectl.try("get", "pods", "-o", `jsonpath=${POD_STATES}`);
		const events = await kubectl.try("get", "events", "--sort-by=.lastTimestamp");
		t.log(`${pods.stdout}${states.stdout}\n${events.stdout.split("\n").slice(-60).join("\n")}`);
	});
	test.after.always("remove the namespace", async (t) => {
		t.timeout(180_000);
		await kubectl("delete", "namespace", name, "--ignore-not-found", "--timeout=150s");
	});
	return kubectl;
}

export function expect(condition: unknown, message: string): asserts condition {
	if (!condition) throw new Error(message);
}
