/** Asking in an expression whether somebody may do something: `authorizer.group('').resource('pods').check('create')`. */
import type { UserInfo } from "@berth/api";
import type { Authorizer, Decision } from "../../auth/auth.ts";
import { type Declared, method } from "../language/declarations.ts";
import { BOOL, opaque, STRING } from "../language/types.ts";
import { CelError, noSuchOverload } from "../runtime/errors.ts";
import { type CelValue, OpaqueValue } from "../runtime/values.ts";
import { string } from "./arguments.ts";

export const AUTHORIZER = opaque("kubernetes.authorization.Authorizer");
const PATH_CHECK = opaque("kubernetes.authorization.PathCheck");
const GROUP_CHECK = opaque("kubernetes.authorization.GroupCheck");
export const RESOURCE_CHECK = opaque("kubernetes.authorization.ResourceCheck");
const DECISION = opaque("kubernetes.authorization.Decision");

/** Kubernetes' price for one question. */
const CHECK_COST = 350_000;

abstract class Unequal extends OpaqueValue {
	equals(other: OpaqueValue): boolean {
		return other === this;
	}
}

/** Asks on behalf of one user. */
export class AuthorizerValue extends Unequal {
	readonly type = AUTHORIZER;
	readonly authorizer: Authorizer;
	readonly user: UserInfo;

	constructor(authorizer: Authorizer, user: UserInfo) {
		super();
		this.authorizer = authorizer;
		this.user = user;
	}
}

interface Asked {
	readonly group: string;
	readonly resource: string;
	readonly subresource?: string | undefined;
	readonly namespace?: string | undefined;
	readonly name?: string | undefined;
}

export class ResourceCheckValue extends Unequal {
	readonly type = RESOURCE_CHECK;
	readonly by: AuthorizerValue;
	readonly asked: Asked;

	constructor(by: AuthorizerValue, asked: Asked) {
		super();
		this.by = by;
		this.asked = asked;
	}
}

class PathCheckValue extends Unequal {
	readonly type = PATH_CHECK;
	readonly by: AuthorizerValue;
	readonly path: string;

	constructor(by: AuthorizerValue, path: string) {
		super();
		this.by = by;
		this.path = path;
	}
}

class GroupCheckValue extends Unequal {
	readonly type = GROUP_CHECK;
	readonly by: AuthorizerValue;
	readonly group: string;

	constructor(by: AuthorizerValue, group: string) {
		super();
		this.by = by;
		this.group = group;
	}
}

class DecisionValue extends Unequal {
	readonly type = DECISION;
	readonly decision: Decision;

	constructor(decision: Decision) {
		super();
		this.decision = decision;
	}
}

export const authorizers: readonly Declared[] = [
	method("path", [AUTHORIZER, STRING], PATH_CHECK, ([by, path]) => {
		if (string(path).trim() === "") throw new CelError("path must not be empty");
		return new PathCheckValue(as(by, AuthorizerValue), string(path));
	}),
	method(
		"group",
		[AUTHORIZER, STRING],
		GROUP_CHECK,
		([by, group]) => new GroupCheckValue(as(by, AuthorizerValue), string(group)),
	),
	method(
		"serviceAccount",
		[AUTHORIZER, STRING, STRING],
		AUTHORIZER,
		([by, namespace, name]) =>
			new AuthorizerValue(as(by, AuthorizerValue).authorizer, accountOf(string(namespace), string(name))),
	),
	method("resource", [GROUP_CHECK, STRING], RESOURCE_CHECK, ([check, resource]) => {
		const { by, group } = as(check, GroupCheckValue);
		return new ResourceCheckValue(by, { group, resource: string(resource) });
	}),
	...(["subresource", "namespace", "name"] as const).map((field) =>
		method(field, [RESOURCE_CHECK, STRING], RESOURCE_CHECK, ([check, value]) => {
			const { by, asked } = as(check, ResourceCheckValue);
			return new ResourceCheckValue(by, { ...asked, [field]: string(value) || undefined });
		}),
	),
	// Nobody's rules look at selectors: a question with one is answered as the one without.
	...["fieldSelector", "labelSelector"].map((name) =>
		method(name, [RESOURCE_CHECK, STRING], RESOURCE_CHECK, ([check]) => as(check, ResourceCheckValue)),
	),
	method("check", [PATH_CHECK, STRING], DECISION, ([check, verb], meter) => {
		meter.spend(CHECK_COST);
		const { by, path } = as(check, PathCheckValue);
		return new DecisionValue(by.authorizer.authorize(by.user, { verb: string(verb), path }));
	}),
	method("check", [RESOURCE_CHECK, STRING], DECISION, ([check, verb], meter) => {
		meter.spend(CHECK_COST);
		const { by, asked } = as(check, ResourceCheckValue);
		return new DecisionValue(by.authorizer.authorize(by.user, { verb: string(verb), ...asked }));
	}),
	method("allowed", [DECISION], BOOL, ([decision]) => as(decision, DecisionValue).decision.allowed),
	method("reason", [DECISION], STRING, ([decision]) => as(decision, DecisionValue).decision.reason ?? ""),
	method("errored", [DECISION], BOOL, () => false),
	method("error", [DECISION], STRING, () => ""),
];

function as<T extends OpaqueValue>(
	value: CelValue | undefined,
	type: abstract new (...args: never[]) => T,
): T {
	if (!(value instanceof type)) throw noSuchOverload();
	return value;
}

const accountOf = (namespace: string, name: string): UserInfo => ({
	username: `system:serviceaccount:${namespace}:${name}`,
	groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
});
