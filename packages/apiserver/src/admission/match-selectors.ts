/** Whether the selectors of a webhook or policy choose a request: by the labels of its namespace and of its objects. */
import { Namespace, notFound, type Selector } from "@berth/api";
import type { Objects } from "../store/objects.ts";
import type { AdmissionRequest } from "./admission.ts";

/** Cluster-scoped objects are in no namespace, and always chosen. Throws NotFound for a namespace that is not there. */
export function matchesNamespace(selector: Selector, request: AdmissionRequest, objects: Objects): boolean {
	if (selector.empty) return true;
	const { kind, operation, subresource, namespace, name } = request;
	if (kind === Namespace && !subresource && operation !== "DELETE") {
		return selector.matches(request.object?.metadata.labels);
	}
	const key = kind === Namespace ? name : namespace;
	if (key === undefined) return true;
	const found = objects.of<Namespace>(Namespace).get(key)?.object;
	if (!found) throw notFound({ resource: Namespace.plural }, key);
	return selector.matches(found.metadata.labels);
}

/** Either of the object and what it was before. */
export function matchesObject(selector: Selector, { object, old }: AdmissionRequest): boolean {
	if (selector.empty) return true;
	return [object, old].some((each) => each?.metadata && selector.matches(each.metadata.labels));
}
