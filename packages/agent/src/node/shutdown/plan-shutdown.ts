/** In which order pods end when their host goes down. Pure. Source: Node Shutdowns. */
import { type Pod, parseGoDuration } from "@berth/api";
import type { KubeletConfiguration } from "../../config/kubelet-configuration.ts";

export interface ShutdownPhase {
	readonly pods: readonly Pod[];
	/** Seconds: the next phase begins when they are over, or when all of these pods have ended. */
	readonly seconds: number;
}

/** Pods of this priority and above, up to the next share's, have so many seconds. */
export interface ShutdownShare {
	readonly priority: number;
	readonly seconds: number;
}

/** Priority from which the others need a pod to the last. */
const CRITICAL = 2_000_000_000;

type Shares = Pick<
	KubeletConfiguration,
	"shutdownGracePeriod" | "shutdownGracePeriodCriticalPods" | "shutdownGracePeriodByPodPriority"
>;

/** As configured, the least important first; none when the host does not wait for its pods. */
export function sharesOf({
	shutdownGracePeriod,
	shutdownGracePeriodCriticalPods,
	shutdownGracePeriodByPodPriority = [],
}: Shares): readonly ShutdownShare[] {
	const total = secondsOf(shutdownGracePeriod);
	if (total > 0) {
		const critical = Math.min(secondsOf(shutdownGracePeriodCriticalPods), total);
		return [
			{ priority: 0, seconds: total - critical },
			{ priority: CRITICAL, seconds: critical },
		];
	}
	return shutdownGracePeriodByPodPriority
		.map(({ priority, shutdownGracePeriodSeconds: seconds }) => ({ priority, seconds: Number(seconds) }))
		.sort((a, b) => a.priority - b.priority);
}

/** Phases in their order; one without pods is left out. */
export function planShutdown(
	pods: readonly Pod[],
	shares: readonly ShutdownShare[],
): readonly ShutdownPhase[] {
	// Those below the lowest go with it.
	const shareOf = ({ spec }: Pod) =>
		Math.max(
			0,
			shares.findLastIndex(({ priority }) => priority <= (spec.priority ?? 0)),
		);
	return shares
		.map(({ seconds }, index) => ({ pods: pods.filter((pod) => shareOf(pod) === index), seconds }))
		.filter((phase) => phase.pods.length > 0);
}

const secondsOf = (text: string | undefined) => parseGoDuration(text ?? "0s") / 1e9;
