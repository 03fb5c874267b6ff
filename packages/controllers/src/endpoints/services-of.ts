/** Which services a changed pod concerns: those that select it, as it is or as it was. */
import { keyOf, type Pod, type Service, selectorOfMap } from "@berth/api";
import type { Change, Informer } from "@berth/client";
import { isManaged } from "./candidates.ts";

export function servicesOf(services: Informer<Service>): (change: Change<Pod>) => Iterable<string> {
	return ({ object, old }) => {
		const keys: string[] = [];
		for (const service of services.list(object.metadata.namespace)) {
			if (!isManaged(service)) continue;
			const selector = selectorOfMap(service.spec.selector ?? {});
			if (selector.matches(object.metadata.labels) || (old && selector.matches(old.metadata.labels))) {
				keys.push(keyOf(service));
			}
		}
		return keys;
	};
}
