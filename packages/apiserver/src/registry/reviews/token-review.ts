/** Whose token is this? Asked by whoever lets this cluster authenticate its own callers. */
import { badRequest, type TokenReview, type TokenReviewStatus } from "@berth/api";
import type { RegistryContext } from "../context.ts";
import type { Review } from "./reviews.ts";

export const reviewToken: Review = async (context, _scope, asked) => {
	const { spec } = asked as Partial<TokenReview>;
	if (!spec?.token) throw badRequest("token is required for TokenReview in authentication");
	const status = await verify(context, spec.token, spec.audiences ?? []);
	return { spec, status };
};

async function verify(
	context: RegistryContext,
	token: string,
	audiences: readonly string[],
): Promise<TokenReviewStatus> {
	try {
		const verified = await context.tokens.verify(token, audiences);
		return { authenticated: true, user: verified.user, audiences: verified.audiences };
	} catch (error) {
		// Not being valid is the answer here, not a failure of the request.
		return { error: error instanceof Error ? error.message : String(error), user: {} };
	}
}
