/**
 * What expressions of policies and of match conditions may speak of.
 * https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#validation-expression
 */
import { type CelEnvironment, type CelType, celTypes } from "../../cel/cel.ts";
import { AUTHORIZER, RESOURCE_CHECK } from "../../cel/library/authorizers.ts";

const { BOOL, DYN, INT, STRING, TIMESTAMP, listOf, mapOf, objectOf } = celTypes;

const GVK = objectOf("kubernetes.GroupVersionKind", { group: STRING, version: STRING, kind: STRING });
const GVR = objectOf("kubernetes.GroupVersionResource", { group: STRING, version: STRING, resource: STRING });
const USER = objectOf("kubernetes.UserInfo", {
	username: STRING,
	uid: STRING,
	groups: listOf(STRING),
	extra: mapOf(STRING, listOf(STRING)),
});

/** AdmissionRequest of admission.k8s.io, without the objects. */
const REQUEST = objectOf("kubernetes.AdmissionRequest", {
	kind: GVK,
	resource: GVR,
	subResource: STRING,
	requestKind: GVK,
	requestResource: GVR,
	requestSubResource: STRING,
	name: STRING,
	namespace: STRING,
	operation: STRING,
	userInfo: USER,
	dryRun: BOOL,
	options: DYN,
});

const NAMESPACE = objectOf("kubernetes.Namespace", {
	metadata: objectOf("kubernetes.NamespaceMetadata", {
		name: STRING,
		generateName: STRING,
		namespace: STRING,
		labels: mapOf(STRING, STRING),
		annotations: mapOf(STRING, STRING),
		UID: STRING,
		creationTimestamp: TIMESTAMP,
		deletionGracePeriodSeconds: INT,
		deletionTimestamp: TIMESTAMP,
		generation: INT,
		resourceVersion: STRING,
		finalizers: listOf(STRING),
	}),
	spec: objectOf("kubernetes.NamespaceSpec", { finalizers: listOf(STRING) }),
	status: objectOf("kubernetes.NamespaceStatus", { phase: STRING }),
});

export interface PolicyScope {
	/** The policy has parameters. */
	readonly hasParams: boolean;
	/** Those declared before the expression. */
	readonly variables?: Readonly<Record<string, CelType>> | undefined;
	/** What is known of the objects' kind; default nothing. */
	readonly object?: CelType | undefined;
	readonly params?: CelType | undefined;
}

const BASE = {
	request: REQUEST,
	authorizer: AUTHORIZER,
	"authorizer.requestResource": RESOURCE_CHECK,
};

export const variablesType = (variables: Readonly<Record<string, CelType>>) =>
	objectOf("kubernetes.variables", variables);

export function policyEnvironment(
	{ hasParams, variables = {}, object = DYN, params = DYN }: PolicyScope,
	rest: Pick<CelEnvironment, "types" | "results"> = {},
): CelEnvironment {
	return {
		...rest,
		variables: {
			...BASE,
			object,
			oldObject: object,
			namespaceObject: NAMESPACE,
			...(hasParams ? { params } : {}),
			variables: variablesType(variables),
		},
	};
}

/** Match conditions of webhooks: neither parameters nor namespaces nor variables. */
export const CONDITION_ENVIRONMENT: CelEnvironment = {
	variables: { ...BASE, object: DYN, oldObject: DYN },
	results: [BOOL],
};
