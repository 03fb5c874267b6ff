/** Every controller, in the order they start. */
import type { ControllerFactory } from "@berth/reconcile";
import { createClusterRoleAggregationController } from "./clusterrole-aggregation/controller.ts";
import { createCronJobController } from "./cron-job/controller.ts";
import { createDaemonSetController } from "./daemonset/controller.ts";
import { createDeploymentController } from "./deployment/controller.ts";
import { createDisruptionController } from "./disruption/controller.ts";
import { createEndpointsController } from "./endpoints/endpoints-controller.ts";
import { createEndpointSliceMirroringController } from "./endpoints/mirror-controller.ts";
import { createEndpointSliceController } from "./endpoints/slices-controller.ts";
import { createGarbageController } from "./garbage/controller.ts";
import { createJobController } from "./job/controller.ts";
import { createJobOrphansController } from "./job/orphans-controller.ts";
import { createNamespaceController } from "./namespace/controller.ts";
import { createNodeIpamController } from "./node-ipam/controller.ts";
import { createNodeController } from "./node-lifecycle/node-controller.ts";
import { createTaintEvictionController } from "./node-lifecycle/taint-eviction-controller.ts";
import { createVolumeBinderController } from "./persistent-volume/binder-controller.ts";
import { createEphemeralVolumeController } from "./persistent-volume/ephemeral-controller.ts";
import {
	createClaimProtectionController,
	createVolumeProtectionController,
} from "./persistent-volume/protection-controllers.ts";
import { createPodGcController } from "./pod-gc/controller.ts";
import { createReplicaSetController, createReplicationController } from "./replicaset/controller.ts";
import { createResourceQuotaController } from "./resource-quota/controller.ts";
import { createRootCaController } from "./root-ca/controller.ts";
import { createServiceAccountController } from "./service-account/controller.ts";
import { createStatefulSetController } from "./statefulset/controller.ts";
import { createTtlAfterFinishedController } from "./ttl-after-finished/controller.ts";

export interface NamedController {
	/** Identity: `system:serviceaccount:kube-system:NAME-controller`. */
	readonly name: string;
	readonly create: ControllerFactory;
}

export interface ControllersOptions {
	/** The cluster's certificate authority, PEM. */
	readonly rootCa: string;
	/** Addresses of all pods, `10.244.0.0/16`, and the prefix length of one node's share of them. */
	readonly podCidr: string;
	readonly nodePrefix: number;
	/** Milliseconds of silence after which a node is not ready. */
	readonly nodeGracePeriod: number;
}

export function controllers(options: ControllersOptions): readonly NamedController[] {
	return [
		{ name: "service-account", create: createServiceAccountController },
		{ name: "root-ca-certificate-publisher", create: createRootCaController(options.rootCa) },
		{ name: "node-ipam", create: createNodeIpamController(options) },
		{ name: "node", create: createNodeController({ gracePeriod: options.nodeGracePeriod }) },
		{ name: "taint-eviction", create: createTaintEvictionController },
		{ name: "clusterrole-aggregation", create: createClusterRoleAggregationController },
		{ name: "daemon-set", create: createDaemonSetController },
		{ name: "deployment", create: createDeploymentController },
		{ name: "replicaset", create: createReplicaSetController },
		{ name: "replication", create: createReplicationController },
		{ name: "job", create: createJobController },
		{ name: "job", create: createJobOrphansController },
		{ name: "statefulset", create: createStatefulSetController },
		{ name: "cronjob", create: createCronJobController },
		{ name: "ttl-after-finished", create: createTtlAfterFinishedController },
		{ name: "disruption", create: createDisruptionController },
		{ name: "persistent-volume-binder", create: createVolumeBinderController },
		{ name: "ephemeral-volume", create: createEphemeralVolumeController },
		{ name: "pvc-protection", create: createClaimProtectionController },
		{ name: "pv-protection", create: createVolumeProtectionController },
		{ name: "endpoint", create: createEndpointsController },
		{ name: "endpointslice", create: createEndpointSliceController },
		{ name: "endpointslicemirroring", create: createEndpointSliceMirroringController },
		{ name: "resourcequota", create: createResourceQuotaController },
		{ name: "pod-garbage-collector", create: createPodGcController },
		{ name: "namespace", create: createNamespaceController },
		{ name: "generic-garbage-collector", create: createGarbageController },
	];
}
