package dev.heartwood.kotlin

import dev.heartwood.KeyPath
import dev.heartwood.Snapshot
import dev.heartwood.Store
import dev.heartwood.Transaction
import dev.heartwood.TransactionFunction
import dev.heartwood.TreeView
import dev.heartwood.Update
import java.util.concurrent.Flow.Subscriber
import java.util.concurrent.Flow.Subscription
import kotlin.time.Duration
import kotlin.time.toJavaDuration
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.future.await
import kotlinx.coroutines.runInterruptible

/**
 * Suspends until the condition holds, and answers the state in which it does. No thread waits. `withTimeout` bounds it, and a
 * cancelled coroutine is forgotten by the store.
 *
 * @param condition reads only through the view that it is given: it is asked again when something that it has read is different
 * @throws dev.heartwood.StoreClosedException if the store is closed first
 */
public suspend fun Store.await(condition: (TreeView) -> Boolean): Snapshot = awaitAsync { condition(it) }.await()

/** A batch with a result: all of it, or nothing. [body] may run more than once, and must be free of side effects. */
public fun <R> Store.atomic(body: Transaction.() -> R): R = transact { tx -> tx.body() }

/**
 * A batch that waits: where [body] calls `retry()` or a `check(...)` fails, it runs again when something that it has read is
 * different. A thread of [Dispatchers.IO] waits; a cancelled coroutine interrupts it, and nothing is changed.
 *
 * @throws java.util.concurrent.TimeoutException after the time
 */
public suspend fun <R> Store.awaitAtomic(timeout: Duration, body: Transaction.() -> R): R =
    runInterruptible(Dispatchers.IO) {
        awaitTransact(TransactionFunction<R, RuntimeException> { tx -> tx.body() }, timeout.toJavaDuration())
    }

/**
 * The changes at the path, in version order, from the moment at which it is collected. A slow collector gets the changes of
 * meanwhile as one, which says how many states it has skipped. Ends when the store is closed.
 */
public fun Store.changes(path: KeyPath = KeyPath.root()): Flow<Update> = flow {
    val demand = OneByOne()
    publisher(path).subscribe(demand)
    try {
        for (update in demand.updates) {
            emit(update)
            demand.next()
        }
    } finally {
        demand.cancel()
    }
}

/** Asks for one update after the other, so that there is never more than one in the channel. */
private class OneByOne : Subscriber<Update> {
    val updates = Channel<Update>(1)

    @Volatile
    private var subscription: Subscription? = null

    fun next() {
        subscription?.request(1)
    }

    fun cancel() {
        subscription?.cancel()
    }

    override fun onSubscribe(given: Subscription) {
        subscription = given
        given.request(1)
    }

    override fun onNext(update: Update) {
        updates.trySend(update).getOrThrow()
    }

    override fun onError(failure: Throwable) {
        updates.close(failure)
    }

    override fun onComplete() {
        updates.close()
    }
}
