/** Which owners a changed object concerns: its controller, now and before, or, for an orphan, all that would adopt it. */
import {
	type AnyKind,
	controllerOf,
	type KubeObject,
	keyOf,
	type LabelSelector,
	selectorOf,
} from "@berth/api";
import type { Change, Informer } from "@berth/client";

export function concerned<O extends KubeObject>(
	kind: AnyKind,
	owners: Informer<O>,
	selector: (owner: O) => LabelSelector | undefined,
): (change: Change<KubeObject>) => Iterable<string> {
	const controllerKey = (object: KubeObject | undefined) => {
		const reference = object && controllerOf(object);
		const group = reference?.apiVersion.includes("/") ? reference.apiVersion.split("/")[0] : "";
		if (reference?.kind !== kind.kind || group !== kind.group) return undefined;
		return object?.metadata.namespace ? `${object.metadata.namespace}/${reference.name}` : reference.name;
	};
	return ({ object, old }) => {
		const keys = new Set<string>();
		for (const key of [controllerKey(object), controllerKey(old)]) if (key) keys.add(key);
		if (!controllerOf(object)) {
			for (const owner of owners.list(object.metadata.namespace)) {
				if (selectorOf(selector(owner)).matches(object.metadata.labels)) keys.add(keyOf(owner));
			}
		}
		return keys;
	};
}
