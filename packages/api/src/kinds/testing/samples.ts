/** Small valid objects for tests. */
import { applyDefaults } from "../../machinery/defaults.ts";
import type { FieldError } from "../../machinery/field-error.ts";
import type { Kind } from "../../machinery/kind.ts";
import type { KubeObject, ObjectMeta } from "../../machinery/meta.ts";
import { validateStructure } from "../../machinery/validate.ts";
import type { Container } from "../core/container.ts";
import type { Pod } from "../core/pod.ts";
import type { PodSpec } from "../core/pod-spec.ts";
import type { ContainerState, ContainerStatus, PodStatus } from "../core/pod-status.ts";

/** Noon of a day long ago: `now` of tests. */
export const NOON = Date.parse("2026-01-02T12:00:00Z");

export const sampleMeta = (name: string, extra: Partial<ObjectMeta> = {}): ObjectMeta => ({
	name,
	namespace: "default",
	uid: `uid-${name}`,
	resourceVersion: "1",
	creationTimestamp: "2026-01-02T11:55:00Z",
	...extra,
});

export const sampleContainer = (extra: Partial<Container> = {}): Container => ({
	name: "web",
	image: "nginx:1.29",
	...extra,
});

export const samplePod = (spec: Partial<PodSpec> = {}, status: PodStatus = {}): Pod => ({
	apiVersion: "v1",
	kind: "Pod",
	metadata: sampleMeta("web"),
	spec: { containers: [sampleContainer()], ...spec },
	status,
});

export const sampleStatus = (
	state: ContainerState,
	extra: Partial<ContainerStatus> = {},
): ContainerStatus => ({
	name: "web",
	state,
	ready: state.running !== undefined,
	restartCount: 0,
	image: "nginx:1.29",
	imageID: "",
	...extra,
});

/** What `kubectl get -o wide` prints of an object, column by column. */
export const row = <T extends KubeObject>(
	kind: {
		readonly columns: readonly {
			readonly name: string;
			readonly value: (object: T, now: number) => unknown;
		}[];
	},
	object: T,
): Record<string, unknown> =>
	Object.fromEntries(kind.columns.map((column) => [column.name, column.value(object, NOON)]));

/** An object as the server completes it before it is checked. */
export function completed<T extends KubeObject>(kind: Kind<T>, object: T): T {
	const filled = applyDefaults(kind.schema, object);
	return kind.defaults?.(filled) ?? filled;
}

/** `field: message` of everything wrong with a new object. */
export function refusals<T extends KubeObject>(kind: Kind<T>, object: T): string[] {
	const whole = completed(kind, object);
	return texts([
		...validateStructure(kind.schema, whole),
		...(kind.validate?.(whole) ?? []),
		...(kind.validateCreate?.(whole) ?? []),
	]);
}

/** `field: message` of everything that an update may not do. */
export const updateRefusals = <T extends KubeObject>(kind: Kind<T>, object: T, old: T): string[] =>
	texts(kind.validateUpdate?.(completed(kind, object), completed(kind, old)) ?? []);

const texts = (errors: readonly FieldError[]) => errors.map(({ field, message }) => `${field}: ${message}`);
