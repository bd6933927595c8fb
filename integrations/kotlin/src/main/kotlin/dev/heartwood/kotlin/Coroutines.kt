package dev.heartwood.kotlin

import dev.heartwood.KeyPath
import dev.heartwood.Snapshot
import dev.heartwood.Store
import dev.heartwood.Transaction
import dev.heartwood.TransactionFunction
import dev.heartwood.TreeView
import dev.heartwood.Update
import kotlin.time.Duration
import kotlin.time.toJavaDuration
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.future.await

/**
 * Suspends until the condition holds, and answers the state in which it does. No thread waits. `withTimeout` bounds it, and a
 * cancelled coroutine is forgotten by the store.
 *
 * @param condition reads only through the view that it is given: it is evaluated again when something that it has read
 *     is different, on the common pool. Its exceptions are thrown here
 * @throws dev.heartwood.StoreClosedException if the store is closed first
 */
public suspend fun Store.await(condition: (TreeView) -> Boolean): Snapshot = awaitAsync { condition(it) }.await()

/** A batch with a result: all of it, or nothing. [body] may run more than once, and must be free of side effects. */
public fun <R> Store.atomic(body: Transaction.() -> R): R = transact { tx -> tx.body() }

/**
 * A batch that waits: where [body] calls `retry()` or a `check(...)` fails, it runs again when something that it has read is
 * different. A thread of its own waits, however many wait, and the caller's is free.
 *
 * **Cancellation.** A cancelled coroutine interrupts that thread, and nothing is changed. Where the batch was committed
 * already, its result is returned all the same, so that a taken element is not lost; the next suspension then throws
 * the cancellation. Give the time as [timeout]: `withTimeout` around this would drop a result that comes late.
 *
 * @throws java.util.concurrent.TimeoutException after the time; nothing was changed
 * @throws dev.heartwood.ReentrantUseException within a function or batch of this store
 */
public suspend fun <R> Store.awaitAtomic(timeout: Duration, body: Transaction.() -> R): R {
    publisher(KeyPath.root()) // The thread of its own would not know that the caller's is within a function of the store.
    val batch = TransactionFunction<R, RuntimeException> { tx -> tx.body() }
    return InterruptibleCall { awaitTransact(batch, timeout.toJavaDuration()) }.await()
}

/**
 * The changes at the path, in version order, from the moment at which it is collected. A slow collector gets the
 * changes of meanwhile as one, which says how many states it has skipped; the store keeps none for it. The flow ends
 * when the store is closed, or when the collector throws.
 */
public fun Store.changes(path: KeyPath = KeyPath.root()): Flow<Update> = flow {
    val subscriber = OneByOne()
    publisher(path).subscribe(subscriber)
    try {
        for (update in subscriber.updates) {
            emit(update)
            subscriber.next()
        }
    } finally {
        subscriber.cancel()
    }
}
