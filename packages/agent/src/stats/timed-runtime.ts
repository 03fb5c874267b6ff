/** A runtime whose calls are counted and timed, under the names that kubelets have for them. */
import { performance } from "node:perf_hooks";
import { LABEL, SANDBOX } from "../pods/labels.ts";
import type { ContainerSpec } from "../runtime/container-spec.ts";
import type { Runtime } from "../runtime/runtime.ts";

/** What a call asks for: `operation_type` of kubelets' metrics. Waits and streams last as long as they like. */
const OPERATIONS = {
	list: "list_containers",
	inspect: "container_status",
	start: "start_container",
	update: "update_container",
	signal: "stop_container",
	remove: "remove_container",
	exec: "exec",
	attach: "attach",
	image: "image_status",
	images: "list_images",
	pull: "pull_image",
	removeImage: "remove_image",
	info: "version",
	ping: "status",
} as const satisfies Partial<Record<keyof Runtime, string>>;

export type Operation = (typeof OPERATIONS)[keyof typeof OPERATIONS] | "create_container" | "run_podsandbox";

export interface OperationObserver {
	operated(type: Operation, seconds: number, failed: boolean): void;
}

export function timedRuntime(runtime: Runtime, { operated }: OperationObserver): Runtime {
	const timed =
		<A extends readonly unknown[], R>(call: (...args: A) => Promise<R>, typeOf: (...args: A) => Operation) =>
		async (...args: A): Promise<R> => {
			const began = performance.now();
			let failed = true;
			try {
				const answer = await call(...args);
				failed = false;
				return answer;
			} finally {
				operated(typeOf(...args), (performance.now() - began) / 1000, failed);
			}
		};
	const as =
		<K extends keyof typeof OPERATIONS>(name: K) =>
		() =>
			OPERATIONS[name];
	return {
		...runtime,
		create: timed(runtime.create, ({ labels }: ContainerSpec) =>
			labels[LABEL.container] === SANDBOX ? "run_podsandbox" : "create_container",
		),
		list: timed(runtime.list, as("list")),
		inspect: timed(runtime.inspect, as("inspect")),
		start: timed(runtime.start, as("start")),
		update: timed(runtime.update, as("update")),
		signal: timed(runtime.signal, as("signal")),
		remove: timed(runtime.remove, as("remove")),
		exec: timed(runtime.exec, as("exec")),
		attach: timed(runtime.attach, as("attach")),
		image: timed(runtime.image, as("image")),
		images: timed(runtime.images, as("images")),
		pull: timed(runtime.pull, as("pull")),
		removeImage: timed(runtime.removeImage, as("removeImage")),
		info: timed(runtime.info, as("info")),
		ping: timed(runtime.ping, as("ping")),
	};
}
