/** Every kind, in discovery order. The one registration: a new kind is its file and a line here. */

import { Deployment } from "./kinds/apps/deployment.ts";
import { ReplicaSet } from "./kinds/apps/replica-set.ts";
import { SelfSubjectReview } from "./kinds/authentication/self-subject-review.ts";
import { TokenRequest } from "./kinds/authentication/token-request.ts";
import { TokenReview } from "./kinds/authentication/token-review.ts";
import { LocalSubjectAccessReview } from "./kinds/authorization/local-subject-access-review.ts";
import { SelfSubjectAccessReview } from "./kinds/authorization/self-subject-access-review.ts";
import { SelfSubjectRulesReview } from "./kinds/authorization/self-subject-rules-review.ts";
import { SubjectAccessReview } from "./kinds/authorization/subject-access-review.ts";
import { Lease } from "./kinds/coordination/lease.ts";
import { Binding } from "./kinds/core/binding.ts";
import { ConfigMap } from "./kinds/core/config-map.ts";
import { Endpoints } from "./kinds/core/endpoints.ts";
import { Event } from "./kinds/core/event.ts";
import { Namespace } from "./kinds/core/namespace.ts";
import { Node } from "./kinds/core/node.ts";
import { Pod } from "./kinds/core/pod.ts";
import { Secret } from "./kinds/core/secret.ts";
import { Service } from "./kinds/core/service.ts";
import { ServiceAccount } from "./kinds/core/service-account.ts";
import { EndpointSlice } from "./kinds/discovery/endpoint-slice.ts";
import { ClusterRole } from "./kinds/rbac/cluster-role.ts";
import { ClusterRoleBinding } from "./kinds/rbac/cluster-role-binding.ts";
import { Role } from "./kinds/rbac/role.ts";
import { RoleBinding } from "./kinds/rbac/role-binding.ts";
import type { AnyKind } from "./machinery/kind.ts";

export const KINDS: readonly AnyKind[] = [
	Pod,
	Service,
	Namespace,
	Node,
	Endpoints,
	ConfigMap,
	Secret,
	ServiceAccount,
	Event,
	Binding,
	EndpointSlice,
	Lease,
	Deployment,
	ReplicaSet,
	Role,
	ClusterRole,
	RoleBinding,
	ClusterRoleBinding,
	TokenReview,
	TokenRequest,
	SelfSubjectReview,
	SubjectAccessReview,
	SelfSubjectAccessReview,
	LocalSubjectAccessReview,
	SelfSubjectRulesReview,
];
