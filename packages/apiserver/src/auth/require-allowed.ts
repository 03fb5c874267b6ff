/** Asks the authorizer and turns a no into Kubernetes' 403. */
import { forbidden, type Status, StatusError, type UserInfo } from "@berth/api";
import type { RequestInfo } from "../http/request-info.ts";
import type { Attributes, Authorizer } from "./auth.ts";

/** Throws Forbidden, saying who may not do what and where. */
export function requireAllowed(authorizer: Authorizer, user: UserInfo, attributes: Attributes): void {
	const decision = authorizer.authorize(user, attributes);
	if (!decision.allowed) throw denial(user, attributes, decision.reason);
}

/** What RBAC is asked for a request. A namespace counts as inside itself, so that its own roles may grant it. */
export function attributesOf(request: RequestInfo): Attributes {
	if (request.type === "path") return { verb: request.verb, path: request.path };
	const { verb, group, resource, subresource, namespace, name } = request.info;
	const isNamespace = group === "" && resource === "namespaces";
	return {
		verb,
		group,
		resource,
		subresource,
		namespace: isNamespace ? name : namespace,
		name: name ?? nameInSelector(request.query.get("fieldSelector")),
	};
}

/** Lists and watches of one name count as requests for that name, so that `resourceNames` can allow them. */
function nameInSelector(selector: string | null): string | undefined {
	const found = /(?:^|,)metadata\.name==?([^,=!]+)(?:,|$)/.exec(selector ?? "");
	return found?.[1];
}

function denial(user: UserInfo, attributes: Attributes, reason: string): StatusError {
	const who = `User ${JSON.stringify(user.username ?? "")}`;
	const why = reason ? `: ${reason}` : "";
	if ("path" in attributes) {
		return new StatusError(
			plainForbidden(`forbidden: ${who} cannot ${attributes.verb} path "${attributes.path}"${why}`),
		);
	}
	const { verb, group, resource, subresource, namespace, name = "" } = attributes;
	const what = `${resource}${subresource ? `/${subresource}` : ""}`;
	const where = namespace ? `in the namespace "${namespace}"` : "at the cluster scope";
	return forbidden(
		{ group, resource },
		name,
		`${who} cannot ${verb} resource "${what}" in API group "${group}" ${where}${why}`,
	);
}

/** Paths are no resource: the message stands alone. */
const plainForbidden = (message: string): Status => ({
	kind: "Status",
	apiVersion: "v1",
	metadata: {},
	status: "Failure",
	message,
	reason: "Forbidden",
	details: {},
	code: 403,
});
