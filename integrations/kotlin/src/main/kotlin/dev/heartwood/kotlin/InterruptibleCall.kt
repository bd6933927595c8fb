package dev.heartwood.kotlin

import kotlin.concurrent.thread
import kotlin.coroutines.suspendCoroutine
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.suspendCancellableCoroutine

/**
 * A blocking call on a thread of its own, which the cancellation of the coroutine interrupts.
 *
 * `runInterruptible(Dispatchers.IO)` would do, but for two things. It drops the result of a call that was cancelled too
 * late to be interrupted, although the call took effect. And that dispatcher has few threads: if waiting calls held all
 * of them, the calls that they wait for could not run.
 */
internal class InterruptibleCall<R>(private val call: () -> R) {
    private val lock = Any()
    private var caller: Thread? = null
    private var isInterrupted = false

    suspend fun await(): R {
        val context = currentCoroutineContext()
        context.ensureActive()
        try {
            // No suspendCancellableCoroutine: it drops the resumed value once the coroutine is cancelled.
            return suspendCoroutine { continuation ->
                val cancellation = CoroutineScope(context).onCancellation { interrupt() }
                try {
                    thread(name = "heartwood-await", isDaemon = true) {
                        val result = runCatching { begin(); call() }
                        end()
                        cancellation.cancel()
                        continuation.resumeWith(result)
                    }
                } catch (e: Throwable) { // no thread to be had: the coroutine must not wait for its child
                    cancellation.cancel()
                    throw e
                }
            }
        } catch (e: InterruptedException) {
            context.ensureActive()
            throw e
        }
    }

    private fun CoroutineScope.onCancellation(action: () -> Unit): Job =
        launch(Dispatchers.Unconfined, CoroutineStart.UNDISPATCHED) {
            suspendCancellableCoroutine<Nothing> { waiting -> waiting.invokeOnCancellation { action() } }
        }

    private fun begin() = synchronized(lock) {
        caller = Thread.currentThread()
        if (isInterrupted) {
            Thread.currentThread().interrupt()
        }
    }

    /** After this no interrupt comes: without a dispatcher, the coroutine goes on in this thread. */
    private fun end() = synchronized(lock) {
        caller = null
        Thread.interrupted()
    }

    private fun interrupt() = synchronized(lock) {
        isInterrupted = true
        caller?.interrupt()
    }
}
