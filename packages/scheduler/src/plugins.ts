/** The plugins in order. Filters run until one refuses a node: the cheap and the telling come first. */
import type { FilterPlugin, ScorePlugin } from "./plugin.ts";
import { imageLocality } from "./plugins/image-locality.ts";
import { interPodAffinity, interPodPreference } from "./plugins/inter-pod-affinity.ts";
import { namedNodes, nodeAffinity, nodeAffinityPreference } from "./plugins/node-affinity.ts";
import { nodeName } from "./plugins/node-name.ts";
import { nodePorts } from "./plugins/node-ports.ts";
import { nodeResourcesFit } from "./plugins/node-resources-fit.ts";
import { nodeUnschedulable } from "./plugins/node-unschedulable.ts";
import { ownerSpread } from "./plugins/owner-spread.ts";
import { balancedAllocation, leastAllocated } from "./plugins/resource-scores.ts";
import { taintPreference, taintToleration } from "./plugins/taint-toleration.ts";
import { topologyPreference, topologySpread } from "./plugins/topology-spread.ts";
import { volumeBinding } from "./plugins/volume-binding.ts";
import { volumeRestrictions } from "./plugins/volume-restrictions.ts";

export const FILTERS: readonly FilterPlugin[] = [
	namedNodes,
	nodeUnschedulable,
	nodeName,
	taintToleration,
	nodeAffinity,
	nodePorts,
	nodeResourcesFit,
	volumeRestrictions,
	volumeBinding,
	topologySpread,
	interPodAffinity,
];

export const SCORES: readonly ScorePlugin[] = [
	taintPreference,
	nodeAffinityPreference,
	topologyPreference,
	interPodPreference,
	ownerSpread,
	imageLocality,
	leastAllocated,
	balancedAllocation,
];
