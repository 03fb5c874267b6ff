/** The admission plugins of this server, in the order in which they run. */
import type { AnyKind, Clock, Logger } from "@berth/api";
import type { Authorizer } from "../auth/auth.ts";
import { rbacEscalation } from "../auth/escalation.ts";
import { customResourceAdmission } from "../custom-resources/definition-admission.ts";
import type { Outbound } from "../http/outbound/outbound.ts";
import type { Objects } from "../store/objects.ts";
import type { AdmissionPlugin } from "./admission.ts";
import { certificateRequests } from "./certificate-requests.ts";
import { claimResize, defaultStorageClass } from "./claims.ts";
import { defaultTolerations } from "./default-tolerations.ts";
import { defaultIngressClass } from "./ingress-class.ts";
import { limitRanger } from "./limit-ranger.ts";
import { namespaceLifecycle } from "./namespace-lifecycle.ts";
import { nodeRestriction } from "./node-restriction.ts";
import { checkExpressions } from "./policies/expressions.ts";
import { mutatingPolicies } from "./policies/mutating.ts";
import { validatingPolicies } from "./policies/validating.ts";
import { priority } from "./priority.ts";
import { resourceQuota } from "./resource-quota.ts";
import { runtimeClass } from "./runtime-class.ts";
import { serviceAccount } from "./service-account.ts";
import { storageProtection } from "./storage-protection.ts";
import { taintNewNodes } from "./taint-new-nodes.ts";
import { mutatingWebhooks } from "./webhooks/mutating.ts";
import { validatingWebhooks } from "./webhooks/validating.ts";

export const admissionPlugins = (options: {
	readonly objects: Objects;
	readonly clock: Clock;
	readonly authorizer: Authorizer;
	/** In [0, 1). */
	readonly random: () => number;
	/** Those served now. */
	readonly kinds: () => readonly AnyKind[];
	readonly outbound: Outbound;
	readonly log: Logger;
}): readonly AdmissionPlugin[] => [
	namespaceLifecycle(options.objects),
	limitRanger(options.objects),
	nodeRestriction(options.objects),
	taintNewNodes(),
	serviceAccount(options),
	priority(options.objects),
	runtimeClass(options.objects),
	defaultTolerations(),
	defaultStorageClass(options.objects),
	storageProtection(),
	claimResize(options.objects),
	defaultIngressClass(options.objects),
	rbacEscalation(options),
	certificateRequests(options),
	customResourceAdmission(options.objects),
	checkExpressions(),
	mutatingPolicies(options),
	mutatingWebhooks(options),
	validatingPolicies(options),
	validatingWebhooks(options),
	// The last word: what it charges for is stored next.
	resourceQuota(options),
];
