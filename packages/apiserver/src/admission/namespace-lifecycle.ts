/** Nothing is created in a namespace that is not there or is going away; the namespaces everybody relies on stay. */
import {
	forbidden,
	LocalSubjectAccessReview,
	NAMESPACE_TERMINATING,
	Namespace,
	notFound,
	StatusError,
} from "@berth/api";
import type { Objects } from "../store/objects.ts";
import { type AdmissionPlugin, type AdmissionRequest, isAbout, refuse } from "./admission.ts";

const IMMORTAL: readonly string[] = ["default", "kube-system", "kube-public"];

export function namespaceLifecycle(objects: Objects): AdmissionPlugin {
	return {
		name: "NamespaceLifecycle",
		admit: (request) => {
			if (isAbout(request, Namespace) && request.operation === "DELETE" && IMMORTAL.includes(request.name)) {
				throw forbidden({ resource: "namespaces" }, request.name, "this namespace may not be deleted");
			}
			// What would be allowed may be asked about any namespace.
			if (request.kind.group === LocalSubjectAccessReview.group) return undefined;
			// What is left in a namespace may always be taken out of it.
			if (request.namespace === undefined || request.operation === "DELETE") return undefined;
			const namespace = objects.of<Namespace>(Namespace).get(request.namespace)?.object;
			if (!namespace) throw notFound({ resource: "namespaces" }, request.namespace);
			if (request.operation === "CREATE" && namespace.status?.phase === "Terminating") {
				throw terminating(request, request.namespace);
			}
			return undefined;
		},
	};
}

function terminating(request: AdmissionRequest, namespace: string): StatusError {
	const { status } = refuse(
		request,
		`unable to create new content in namespace ${namespace} because it is being terminated`,
	);
	const cause = {
		reason: NAMESPACE_TERMINATING,
		message: `namespace ${namespace} is being terminated`,
		field: "metadata.namespace",
	};
	return new StatusError({ ...status, details: { ...status.details, causes: [cause] } });
}
