package dev.heartwood;

import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** A condition that is awaited without a thread: it is evaluated, and the future completed, on an executor. */
final class AsyncAwait extends Reevaluation<CompletableFuture<Snapshot>> {
    private final Root root;
    private final Predicate<? super TreeView> condition;

    private AsyncAwait(
            Root root, Predicate<? super TreeView> condition, Delivery delivery, CompletableFuture<Snapshot> future) {
        super(root.timeline(), delivery, future);
        this.root = root;
        this.condition = condition;
    }

    static CompletableFuture<Snapshot> start(Root root, Predicate<? super TreeView> condition, Delivery delivery) {
        CompletableFuture<Snapshot> future = new CompletableFuture<>();
        AsyncAwait await = new AsyncAwait(root, condition, delivery, future);
        // Completing it, in any way, ends it.
        CompletableFuture<Snapshot> ignored = future.whenComplete((state, failure) -> await.close());
        await.ask(await.start(root.timeline(), new Registration(await)));
        await.ring();
        return future;
    }

    @Override
    void evaluate(Ties<CompletableFuture<Snapshot>> mine, Snapshot handedIn) {
        CompletableFuture<Snapshot> future = mine.listener();
        try {
            Snapshot state = root.visible();
            TrackedView view = new TrackedView(state);
            if (condition.test(view)) {
                future.complete(state);
                return;
            }
            ReadWriteSet reads = view.finish();
            Registration registration = new Registration(this);
            reads.forEachRead(registration::at);
            move(registration);
            Snapshot newest = root.visible();
            if (!reads.same(state.tree(), newest.tree())) {
                ask(newest); // changed between the evaluation and the registration
            }
        } catch (Throwable e) {
            future.completeExceptionally(e);
        }
    }

    @Override
    void evaluateAtTheEnd(Ties<CompletableFuture<Snapshot>> mine) {
        mine.listener().completeExceptionally(new StoreClosedException());
    }

    /** It looks at the newest state, whichever steps have led there. */
    @Override
    public void missedSteps(long upTo) {
        Snapshot newest = root.timeline().newestIfAny();
        if (newest != null) {
            ask(newest);
            ring();
        }
    }

    /** Nothing evaluates the condition any more, and whoever waits for the future is to learn that. */
    @Override
    void gaveUp(Ties<CompletableFuture<Snapshot>> mine, Throwable why) {
        mine.listener().completeExceptionally(why);
    }

    @Override
    void refused(Throwable failure) {
        complete(failure);
    }

    private void complete(Throwable failure) {
        Ties<CompletableFuture<Snapshot>> mine = ties();
        if (mine != null) {
            mine.listener().completeExceptionally(failure);
        }
    }
}
