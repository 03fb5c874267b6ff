/** pods/binding: the scheduler's decision. Written once: a pod never changes hosts. */
import {
	Binding,
	badRequest,
	conflict,
	type FieldError,
	formatTime,
	invalid,
	type KubeObject,
	notSupported,
	Pod,
	required,
	type Status,
} from "@berth/api";
import { admitBody } from "../admission-request.ts";
import { decodeBody } from "../body.ts";
import type { RegistryContext, Scope } from "../context.ts";
import { editObject } from "../edit.ts";
import type { Answer } from "../request.ts";
import { writeOptions } from "../write-options.ts";

/** `name` is the pod's where the path says it; the old form of the resource names it in the body only. */
export async function bind(context: RegistryContext, scope: Scope, name?: string): Promise<Answer> {
	const options = writeOptions(scope.request.query, "CreateOptions");
	const object = decodeBody(Binding, scope.request, options.fieldValidation, context.kinds);
	const binding = object as Pick<Binding, "target"> & typeof object;
	const podName = name ?? binding.metadata?.name ?? "";
	if (name !== undefined && binding.metadata?.name && binding.metadata.name !== name) {
		throw badRequest("name in URL does not match name in Binding object");
	}
	const errors = bindingErrors(podName, binding.target);
	if (errors.length) throw invalid({ resource: "Binding" }, podName, errors);
	const { dryRun } = options;
	// The old form is a resource of its own.
	const asked = name === undefined ? { ...scope, kind: Binding } : scope;
	const { metadata, target } = await admitBody(context, asked, {
		kind: Binding,
		name: podName,
		body: binding,
		dryRun,
	});
	const { uid, annotations, resourceVersion } = metadata ?? {};
	await editObject(context, scope, {
		admitted: true,
		name: podName,
		dryRun,
		tries: Number.POSITIVE_INFINITY,
		change: (pod) => ({
			...pod,
			metadata: {
				...pod.metadata,
				uid: uid || pod.metadata.uid,
				...(resourceVersion ? { resourceVersion } : {}),
			},
		}),
		target: {
			kind: Pod,
			view: (stored) => stored,
			merge: (_body, stored) => bound(stored as Pod, target.name ?? "", annotations, context.clock.now()),
			validate: () => [],
			creates: false,
		},
	});
	return { type: "value", code: 201, value: SUCCESS };
}

const SUCCESS: Status = Object.freeze({
	kind: "Status",
	apiVersion: "v1",
	metadata: {},
	status: "Success",
	code: 201,
});

function bindingErrors(name: string, target: Binding["target"] | undefined): FieldError[] {
	const errors: FieldError[] = [];
	if (!name) errors.push(required("metadata.name", "name or generateName is required"));
	if (target?.kind && target.kind !== "Node")
		errors.push(notSupported("target.kind", target.kind, ["Node", "<empty>"]));
	if (!target?.name) errors.push(required("target.name"));
	return errors;
}

/** The pod on its node. Throws 409 when it has one, is going away, or is held back. */
function bound(
	pod: Pod,
	nodeName: string,
	annotations: Readonly<Record<string, string>> | undefined,
	now: number,
): KubeObject {
	const { name, deletionTimestamp } = pod.metadata;
	const refuse = (reason: string) => conflict({ resource: "pods/binding" }, name, reason);
	if (deletionTimestamp) throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
	if (pod.spec.nodeName) {
		throw refuse(`pod ${name} is already assigned to node ${JSON.stringify(pod.spec.nodeName)}`);
	}
	if (pod.spec.schedulingGates?.length) throw refuse(`pod ${name} has non-empty .spec.schedulingGates`);
	const scheduled = { type: "PodScheduled", status: "True", lastTransitionTime: formatTime(now) };
	const others = (pod.status?.conditions ?? []).filter((condition) => condition.type !== scheduled.type);
	const next: Pod = {
		...pod,
		metadata: annotations
			? { ...pod.metadata, annotations: { ...pod.metadata.annotations, ...annotations } }
			: pod.metadata,
		spec: { ...pod.spec, nodeName },
		status: { ...pod.status, conditions: [...others, scheduled] },
	};
	return next;
}
