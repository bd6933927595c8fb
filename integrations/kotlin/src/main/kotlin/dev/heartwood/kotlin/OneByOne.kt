package dev.heartwood.kotlin

import dev.heartwood.Update
import java.util.concurrent.Flow.Subscriber
import java.util.concurrent.Flow.Subscription
import kotlinx.coroutines.channels.Channel

/** Asks for one update after the other, so that there is never more than one in the channel. */
internal class OneByOne : Subscriber<Update> {
    val updates = Channel<Update>(1)

    @Volatile
    private var subscription: Subscription? = null

    @Volatile
    private var isCancelled = false

    fun next() {
        subscription?.request(1)
    }

    /**
     * The greeting of the publisher comes on a thread of its own, perhaps only after this. Each side writes its field
     * and then reads the other's, both volatile, so at least one of them cancels. Otherwise the store would keep the
     * subscription for ever.
     */
    fun cancel() {
        isCancelled = true
        subscription?.cancel()
    }

    override fun onSubscribe(given: Subscription) {
        subscription = given
        if (isCancelled) given.cancel() else given.request(1)
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
