import { Pod } from "@berth/api";

const { validateUpdate: _, ...rest } = Pod;

/** A pod's rules for what it is, without those for how it may change: for subresources with rules of their own. */
export const PodAlone = rest;
