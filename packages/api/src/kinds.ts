/** Every kind, in discovery order. The one registration: a new kind is its file and a line here. */

import { MutatingAdmissionPolicy } from "./kinds/admissionregistration/mutating-admission-policy.ts";
import { MutatingAdmissionPolicyBinding } from "./kinds/admissionregistration/mutating-admission-policy-binding.ts";
import { MutatingWebhookConfiguration } from "./kinds/admissionregistration/mutating-webhook-configuration.ts";
import { ValidatingAdmissionPolicy } from "./kinds/admissionregistration/validating-admission-policy.ts";
import { ValidatingAdmissionPolicyBinding } from "./kinds/admissionregistration/validating-admission-policy-binding.ts";
import { ValidatingWebhookConfiguration } from "./kinds/admissionregistration/validating-webhook-configuration.ts";
import { CustomResourceDefinition } from "./kinds/apiextensions/custom-resource-definition.ts";
import { APIService } from "./kinds/apiregistration/api-service.ts";
import { ControllerRevision } from "./kinds/apps/controller-revision.ts";
import { DaemonSet } from "./kinds/apps/daemon-set.ts";
import { Deployment } from "./kinds/apps/deployment.ts";
import { ReplicaSet } from "./kinds/apps/replica-set.ts";
import { StatefulSet } from "./kinds/apps/stateful-set.ts";
import { SelfSubjectReview } from "./kinds/authentication/self-subject-review.ts";
import { TokenRequest } from "./kinds/authentication/token-request.ts";
import { TokenReview } from "./kinds/authentication/token-review.ts";
import { LocalSubjectAccessReview } from "./kinds/authorization/local-subject-access-review.ts";
import { SelfSubjectAccessReview } from "./kinds/authorization/self-subject-access-review.ts";
import { SelfSubjectRulesReview } from "./kinds/authorization/self-subject-rules-review.ts";
import { SubjectAccessReview } from "./kinds/authorization/subject-access-review.ts";
import { HorizontalPodAutoscaler } from "./kinds/autoscaling/horizontal-pod-autoscaler.ts";
import { HorizontalPodAutoscalerV1 } from "./kinds/autoscaling/horizontal-pod-autoscaler-v1.ts";
import { CronJob } from "./kinds/batch/cron-job.ts";
import { Job } from "./kinds/batch/job.ts";
import { CertificateSigningRequest } from "./kinds/certificates/certificate-signing-request.ts";
import { Lease } from "./kinds/coordination/lease.ts";
import { Binding } from "./kinds/core/binding.ts";
import { ConfigMap } from "./kinds/core/config-map.ts";
import { Endpoints } from "./kinds/core/endpoints.ts";
import { Event } from "./kinds/core/event.ts";
import { LimitRange } from "./kinds/core/limit-range.ts";
import { Namespace } from "./kinds/core/namespace.ts";
import { Node } from "./kinds/core/node.ts";
import { PersistentVolume } from "./kinds/core/persistent-volume.ts";
import { PersistentVolumeClaim } from "./kinds/core/persistent-volume-claim.ts";
import { Pod } from "./kinds/core/pod.ts";
import { PodTemplate } from "./kinds/core/pod-template.ts";
import { ReplicationController } from "./kinds/core/replication-controller.ts";
import { ResourceQuota } from "./kinds/core/resource-quota.ts";
import { Secret } from "./kinds/core/secret.ts";
import { Service } from "./kinds/core/service.ts";
import { ServiceAccount } from "./kinds/core/service-account.ts";
import { EndpointSlice } from "./kinds/discovery/endpoint-slice.ts";
import { EventsV1Event } from "./kinds/events/event.ts";
import { FlowSchema } from "./kinds/flowcontrol/flow-schema.ts";
import { PriorityLevelConfiguration } from "./kinds/flowcontrol/priority-level-configuration.ts";
import { NodeMetrics } from "./kinds/metrics/node-metrics.ts";
import { PodMetrics } from "./kinds/metrics/pod-metrics.ts";
import { Ingress } from "./kinds/networking/ingress.ts";
import { IngressClass } from "./kinds/networking/ingress-class.ts";
import { IPAddress } from "./kinds/networking/ip-address.ts";
import { NetworkPolicy } from "./kinds/networking/network-policy.ts";
import { ServiceCIDR } from "./kinds/networking/service-cidr.ts";
import { RuntimeClass } from "./kinds/node/runtime-class.ts";
import { PodDisruptionBudget } from "./kinds/policy/pod-disruption-budget.ts";
import { ClusterRole } from "./kinds/rbac/cluster-role.ts";
import { ClusterRoleBinding } from "./kinds/rbac/cluster-role-binding.ts";
import { Role } from "./kinds/rbac/role.ts";
import { RoleBinding } from "./kinds/rbac/role-binding.ts";
import { DeviceClass } from "./kinds/resource/device-class.ts";
import { ResourceClaim } from "./kinds/resource/resource-claim.ts";
import { ResourceClaimTemplate } from "./kinds/resource/resource-claim-template.ts";
import { ResourceSlice } from "./kinds/resource/resource-slice.ts";
import { PriorityClass } from "./kinds/scheduling/priority-class.ts";
import { CSIDriver } from "./kinds/storage/csi-driver.ts";
import { CSINode } from "./kinds/storage/csi-node.ts";
import { CSIStorageCapacity } from "./kinds/storage/csi-storage-capacity.ts";
import { StorageClass } from "./kinds/storage/storage-class.ts";
import { VolumeAttachment } from "./kinds/storage/volume-attachment.ts";
import { VolumeAttributesClass } from "./kinds/storage/volume-attributes-class.ts";
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
	PersistentVolume,
	PersistentVolumeClaim,
	ReplicationController,
	PodTemplate,
	LimitRange,
	ResourceQuota,
	EndpointSlice,
	Lease,
	Deployment,
	ReplicaSet,
	StatefulSet,
	DaemonSet,
	ControllerRevision,
	Job,
	CronJob,
	HorizontalPodAutoscaler,
	HorizontalPodAutoscalerV1,
	PodDisruptionBudget,
	PriorityClass,
	Role,
	ClusterRole,
	RoleBinding,
	ClusterRoleBinding,
	ValidatingWebhookConfiguration,
	MutatingWebhookConfiguration,
	ValidatingAdmissionPolicy,
	ValidatingAdmissionPolicyBinding,
	MutatingAdmissionPolicy,
	MutatingAdmissionPolicyBinding,
	APIService,
	Ingress,
	IngressClass,
	NetworkPolicy,
	ServiceCIDR,
	IPAddress,
	StorageClass,
	VolumeAttachment,
	CSIDriver,
	CSINode,
	CSIStorageCapacity,
	VolumeAttributesClass,
	RuntimeClass,
	CertificateSigningRequest,
	FlowSchema,
	PriorityLevelConfiguration,
	DeviceClass,
	ResourceClaim,
	ResourceClaimTemplate,
	ResourceSlice,
	EventsV1Event,
	TokenReview,
	TokenRequest,
	SelfSubjectReview,
	SubjectAccessReview,
	SelfSubjectAccessReview,
	LocalSubjectAccessReview,
	SelfSubjectRulesReview,
	CustomResourceDefinition,
	NodeMetrics,
	PodMetrics,
];
