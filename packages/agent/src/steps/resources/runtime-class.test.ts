import type { Pod, RuntimeClass } from "@berth/api";
import test from "ava";
import type { ContainerSpec } from "../../runtime/container-spec.ts";
import { StepError } from "../step.ts";
import { runtimeClassStep } from "./runtime-class.ts";

const HANDLERS: Readonly<Record<string, string>> = { plain: "docker", contained: "kata" };
const step = runtimeClassStep({
	classOf: (name) => ({ handler: HANDLERS[name] }) as RuntimeClass,
});
const runtimeOf = (runtimeClassName?: string, more = {}) => {
	const pod = { metadata: {}, spec: { containers: [], runtimeClassName, ...more } } as unknown as Pod;
	return step.sandbox?.({} as ContainerSpec, pod);
};

test("a pod runs in the runtime that its class names", async (t) => {
	t.is((await runtimeOf("contained"))?.runtime, "kata");
	t.is((await runtimeOf())?.runtime, undefined);
	t.is(
		(await runtimeOf("plain"))?.runtime,
		undefined,
		"docker is the default's name on other hosts with Docker",
	);
});

test("users of its own are refused, and a class that is gone", (t) => {
	t.throws(() => runtimeOf(undefined, { hostUsers: false }), {
		instanceOf: StepError,
		message: /not supported/,
	});
	const without = runtimeClassStep({ classOf: () => undefined });
	const pod = { metadata: {}, spec: { containers: [], runtimeClassName: "gone" } } as unknown as Pod;
	t.throws(() => without.sandbox?.({} as ContainerSpec, pod), { message: /"gone" not found/ });
});
