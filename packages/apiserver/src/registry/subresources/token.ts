/** serviceaccounts/token: a token for a service account, for a while, and bound to an object when asked. */
import {
	type AnyKind,
	badRequest,
	conflict,
	type Draft,
	type FieldError,
	formatTime,
	invalid,
	invalidValue,
	type KubeObject,
	Node,
	notFound,
	Pod,
	Secret,
	type ServiceAccount,
	TokenRequest,
} from "@berth/api";
import type { TokenClaims } from "../../auth/auth.ts";
import { ISSUER } from "../../pki/signing-key.ts";
import { admitBody } from "../admission-request.ts";
import { decodeBody } from "../body.ts";
import { cacheOf, keyAt, nameOf, type RegistryContext, type Scope } from "../context.ts";
import type { Answer } from "../request.ts";
import { writeOptions } from "../write-options.ts";

const DEFAULT_SECONDS = 3600;
const MIN_SECONDS = 10 * 60;
const MAX_SECONDS = 2 ** 32;

/** What a token may be bound to. */
const BINDABLE: ReadonlyMap<string, AnyKind> = new Map<string, AnyKind>([
	["Pod", Pod],
	["Secret", Secret],
	["Node", Node],
]);

type Spec = NonNullable<TokenRequest["spec"]>;

export async function issueToken(context: RegistryContext, scope: Scope): Promise<Answer> {
	const name = nameOf(scope);
	const options = writeOptions(scope.request.query, "CreateOptions");
	const object = decodeBody(TokenRequest, scope.request, options.fieldValidation, context.kinds);
	const account = cacheOf(context, scope.kind).get(keyAt(scope, name))?.object as ServiceAccount | undefined;
	if (!account) throw notFound(scope.about, name);
	checkIdentity(object, account);
	const spec = ((object as Partial<TokenRequest>).spec ?? {}) as Spec;
	const seconds = spec.expirationSeconds ?? DEFAULT_SECONDS;
	const errors = lifetimeErrors(seconds);
	if (errors.length) throw invalid({ group: TokenRequest.group, resource: "TokenRequest" }, name, errors);
	// The answer names the audience, also where it is the server itself.
	const audiences = spec.audiences?.length ? spec.audiences : [ISSUER];
	const boundTo = boundObject(context, scope, account, spec.boundObjectRef ?? undefined);
	await admitBody(context, scope, { kind: TokenRequest, name, body: object, dryRun: options.dryRun });
	const status = await context.tokens.issue({
		namespace: scope.namespace ?? "",
		serviceAccount: { name, uid: account.metadata.uid },
		audiences,
		expiresInSeconds: seconds,
		...(boundTo ? { boundTo } : {}),
	});
	const value = {
		apiVersion: TokenRequest.apiVersion,
		kind: TokenRequest.kind,
		metadata: { name, namespace: scope.namespace, creationTimestamp: formatTime(context.clock.now()) },
		spec: { ...spec, audiences, expirationSeconds: seconds },
		status,
	};
	return { type: "value", code: 201, kind: TokenRequest, value };
}

function checkIdentity({ metadata }: Draft<KubeObject>, account: ServiceAccount): void {
	const { name, namespace, uid } = account.metadata;
	if (metadata?.name && metadata.name !== name) {
		throw badRequest(
			`metadata.name: Invalid value: ${JSON.stringify(metadata.name)}: must match the service account name`,
		);
	}
	if (metadata?.namespace && metadata.namespace !== namespace) {
		throw badRequest(
			`metadata.namespace: Invalid value: ${JSON.stringify(metadata.namespace)}: must match the service account namespace`,
		);
	}
	if (metadata?.uid && metadata.uid !== uid) {
		throw conflict(
			{ resource: "serviceaccounts" },
			name,
			`the UID in the token request (${metadata.uid}) does not match the UID of the service account (${uid})`,
		);
	}
}

function lifetimeErrors(seconds: number): FieldError[] {
	const field = "spec.expirationSeconds";
	if (seconds < MIN_SECONDS) {
		return [invalidValue(field, seconds, "may not specify a duration less than 10 minutes")];
	}
	if (seconds > MAX_SECONDS) {
		return [invalidValue(field, seconds, "may not specify a duration larger than 2^32 seconds")];
	}
	return [];
}

/** The object whose end is the token's end. Throws 400, 404 or 409 unless it is there and fits the account. */
function boundObject(
	context: RegistryContext,
	scope: Scope,
	account: ServiceAccount,
	reference: Spec["boundObjectRef"],
): TokenClaims["boundTo"] {
	if (!reference) return undefined;
	const { kind: kindName = "", apiVersion = "", name = "", uid } = reference;
	const kind = apiVersion === "v1" ? BINDABLE.get(kindName) : undefined;
	if (!kind) throw badRequest(`cannot bind token to object of type ${apiVersion}, Kind=${kindName}`);
	const key = kind.namespaced ? `${scope.namespace}/${name}` : name;
	const object = cacheOf(context, kind).get(key)?.object;
	if (!object) throw notFound({ resource: kind.plural }, name);
	if (kind === Pod && (object as Pod).spec.serviceAccountName !== account.metadata.name) {
		throw badRequest(
			`cannot bind token for serviceaccount ${JSON.stringify(account.metadata.name)} to pod running with different serviceaccount name.`,
		);
	}
	if (uid && uid !== object.metadata.uid) {
		throw conflict(
			{ resource: kind.kind },
			name,
			`the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
		);
	}
	return { kind: kind.kind as "Pod" | "Secret" | "Node", name, uid: object.metadata.uid };
}
