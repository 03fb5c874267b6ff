/** What can be done for a pod. Each action is harmless when repeated, and names the subject that is busy meanwhile. */
import type { Container } from "@berth/api";
import type { ObservedContainer } from "./observed.ts";
import type { LimitChange } from "./resize-plan.ts";

export type Action =
	/** Directories, volumes and files that containers will find; watches of what the pod refers to. */
	| { readonly do: "prepare" }
	| { readonly do: "createSandbox"; readonly attempt: number }
	/** Gives the sandbox its network. */
	| { readonly do: "connect"; readonly sandbox: string }
	/** Gives back the address and ends the pause containers. */
	| { readonly do: "stopSandbox" }
	| { readonly do: "removeSandbox"; readonly id: string }
	| StartAction
	| {
			readonly do: "stop";
			readonly name: string;
			readonly target: ObservedContainer;
			readonly why: StopReason;
	  }
	/** Gives running containers other limits. */
	| { readonly do: "resize"; readonly changes: readonly LimitChange[] }
	| { readonly do: "remove"; readonly name: string; readonly id: string }
	/** Gives back the volumes of a pod that has ended; what tells of its end stays. */
	| { readonly do: "clear" }
	/** Unmounts and removes what `prepare` made. */
	| { readonly do: "release" }
	/** Writes the last status and lets the API server drop the pod. */
	| { readonly do: "confirm" }
	/** Nothing is left. */
	| { readonly do: "forget" };

export interface StartAction {
	readonly do: "start";
	readonly name: string;
	readonly container: Container;
	readonly sort: ContainerSort;
	readonly sandbox: string;
	readonly attempt: number;
	/** See rounds.ts. */
	readonly round: number;
	/** Milliseconds: see backoff.ts. */
	readonly backoff: number;
}

export type ContainerSort = "init" | "sidecar" | "regular" | "ephemeral";

export type StopReason =
	| "podDeleted"
	| "podFinished"
	| "liveness"
	| "startup"
	| "allRestart"
	| "sandboxChanged"
	| "imageChanged"
	| "resized"
	| "duplicate";

export const PREPARE = "/prepare";
export const SANDBOX_SUBJECT = "/sandbox";
export const RESIZE = "/resize";
export const CONFIRM = "/confirm";

/** Actions of one subject never run at the same time. Containers are subjects by their name, which has no slash. */
export function subjectOf(action: Action): string {
	switch (action.do) {
		case "prepare":
		case "clear":
		case "release":
			return PREPARE;
		case "createSandbox":
		case "connect":
		case "stopSandbox":
			return SANDBOX_SUBJECT;
		case "removeSandbox":
			return `/sandbox/${action.id}`;
		case "start":
		case "stop":
			return action.name;
		case "resize":
			return RESIZE;
		case "remove":
			return `/remove/${action.id}`;
		case "confirm":
		case "forget":
			return CONFIRM;
	}
}

/** What a failure keeps from being tried again too soon: this action on this subject, not another one on it. */
export const retryKey = (action: Action): string => `${action.do} ${subjectOf(action)}`;
