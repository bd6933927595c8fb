package dev.heartwood.kotlin

import dev.heartwood.ReentrantUseException
import dev.heartwood.Store
import dev.heartwood.StoreClosedException
import java.util.concurrent.Executors
import java.util.concurrent.TimeoutException
import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.async
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.isActive
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test

class AwaitAtomicTest {
    private val store = Store.of(mapOf("jobs" to emptyList<String>(), "taken" to emptyList<String>(), "n" to 0))

    @Test
    fun theResultOfABatchThatWasCommittedIsGivenThoughTheCoroutineIsCancelled() {
        var taken: String? = null
        var wasActive = true
        store.append("jobs", "tea")

        runBlocking(Dispatchers.Default) {
            launch {
                val job = currentCoroutineContext()[Job]!!
                taken = store.awaitAtomic(60.seconds) {
                    afterCommit { job.cancel() } // after the commit, before its result is given
                    remove(path("jobs", 0)) as String
                }
                wasActive = currentCoroutineContext().isActive
            }.join()
        }

        assertThat(taken).isEqualTo("tea")
        assertThat(wasActive).isFalse()
        assertThat(store.size("jobs")).isZero()
    }

    @Test
    fun noJobIsLostOrTakenTwiceWhereTakersAreCancelledAtAnyMoment(): Unit = runBlocking(Dispatchers.Default) {
        val seed = System.nanoTime()
        println("seed $seed")
        val random = Random(seed)
        val taken = List(40) {
            val answered = mutableListOf<String>()
            val taker = launch {
                while (true) {
                    answered += store.awaitAtomic(60.seconds) {
                        check(size("jobs") > 0)
                        remove(path("jobs", 0)) as String
                    }
                }
            }
            val canceller = launch { delay(random.nextInt(60).milliseconds); taker.cancelAndJoin() }
            canceller to answered
        }
        repeat(400) { store.append("jobs", "job $it") }
        taken.map { it.first }.joinAll()

        val left = store.listAs<String>(path("jobs"))

        assertThat(taken.flatMap { it.second } + left).containsExactlyInAnyOrderElementsOf(List(400) { "job $it" })
    }

    @Test
    fun aCancelledCoroutineThatWaitsEndsAtOnceAndChangesNothing(): Unit = runBlocking {
        val before = store.version()
        val waiting = launch(start = CoroutineStart.UNDISPATCHED) { store.awaitAtomic(600.seconds) { wait() } }

        waiting.cancelAndJoin()

        assertThat(waiting.isCancelled).isTrue()
        assertThat(store.version()).isEqualTo(before)
        assertThat(store.statistics().watchedPlaces()).isZero()
    }

    @Test
    fun aCoroutineThatIsCancelledBeforehandDoesNotBegin(): Unit = runBlocking {
        var ran = false
        val job = launch {
            currentCoroutineContext()[Job]!!.cancel()
            store.awaitAtomic(60.seconds) { ran = true }
        }
        job.join()

        assertThat(ran).isFalse()
    }

    /** If these calls held every thread of Dispatchers.IO, the call that puts the job there could not run. */
    @Test
    fun manyThatWaitTakeNoThreadFromTheCoroutineForWhichTheyWait(): Unit = runBlocking {
        val takers = List(80) {
            async(start = CoroutineStart.UNDISPATCHED) {
                store.awaitAtomic(60.seconds) {
                    check(size("jobs") > 0)
                    remove(path("jobs", 0))
                }
            }
        }
        withTimeout(60.seconds) {
            withContext(Dispatchers.IO) { repeat(80) { store.append("jobs", "job $it") } }
            assertThat(takers.awaitAll()).hasSize(80)
        }
    }

    @Test
    fun theInterruptOfACancelledWaitDoesNotReachWhatRunsNextOnItsThread(): Unit = runBlocking(Dispatchers.Unconfined) {
        val waiting = CompletableDeferred<Boolean>()
        val job = launch(start = CoroutineStart.UNDISPATCHED) {
            try {
                store.awaitAtomic(600.seconds) { wait() }
            } finally {
                waiting.complete(Thread.currentThread().isInterrupted)
            }
        }
        job.cancelAndJoin()

        assertThat(waiting.await()).isFalse()
    }

    /** The call has ended before it noticed the interrupt, and the coroutine goes on in its thread. */
    @Test
    fun theInterruptOfACallThatHasEndedDoesNotReachWhatRunsNextOnItsThread(): Unit = runBlocking(Dispatchers.Unconfined) {
        var isInterrupted = true

        launch(start = CoroutineStart.UNDISPATCHED) {
            InterruptibleCall { Thread.currentThread().interrupt() }.await()
            isInterrupted = Thread.currentThread().isInterrupted
        }.join()

        assertThat(isInterrupted).isFalse()
    }

    @Test
    fun whatTheBodyThrowsIsThrownAndNothingIsChanged() {
        class Mine : Exception("mine")

        assertThatThrownBy {
            runBlocking {
                store.awaitAtomic(60.seconds) {
                    increment("n")
                    throw Mine()
                }
            }
        }.isInstanceOf(Mine::class.java)
        assertThat(store.getAs<Int>("n")).isZero()
    }

    @Test
    fun theTimeBoundsTheWaitAndMayBeZeroNegativeOrInfinite(): Unit = runBlocking {
        for (time in listOf(1.milliseconds, Duration.ZERO, (-1).seconds)) {
            assertThatThrownBy { runBlocking { store.awaitAtomic(time) { wait() } } }
                .isInstanceOf(TimeoutException::class.java)
            assertThat(store.awaitAtomic(time) { increment("n").toInt() }).isPositive()
        }
        val waiting = async(start = CoroutineStart.UNDISPATCHED) {
            store.awaitAtomic(Duration.INFINITE) {
                check(contains("done"))
                get("done")
            }
        }
        store["done"] = null

        assertThat(waiting.await()).isNull()
    }

    @Test
    fun aClosedStoreEndsTheWait() {
        assertThatThrownBy {
            runBlocking {
                val waiting = async(start = CoroutineStart.UNDISPATCHED) { store.awaitAtomic(600.seconds) { wait() } }
                store.close()
                waiting.await()
            }
        }.isInstanceOf(StoreClosedException::class.java)
    }

    @Test
    fun aCoroutineWhoseDispatcherIsClosedStillGetsItsResult(): Unit = runBlocking {
        val dispatcher = Executors.newSingleThreadExecutor().asCoroutineDispatcher()
        val taken = CompletableDeferred<Any?>()
        val began = CompletableDeferred<Unit>()
        launch(dispatcher + NonCancellable) {
            began.complete(Unit)
            taken.complete(
                store.awaitAtomic(60.seconds) {
                    check(size("jobs") > 0)
                    remove(path("jobs", 0))
                },
            )
        }
        began.await()
        dispatcher.close()

        store.append("jobs", "tea")

        assertThat(taken.await()).isEqualTo("tea")
    }

    @Test
    fun aWaitWithinABatchOfTheStoreIsRefused() {
        for (waiting in listOf<suspend () -> Any?>(
            { store.awaitAtomic(60.seconds) { increment("n") } },
            { store.await { true } },
            { store.changes().collect {} },
        )) {
            assertThatThrownBy { store.atomic { runBlocking { waiting() } } }.isInstanceOf(ReentrantUseException::class.java)
        }
        assertThat(store.getAs<Int>("n")).isZero()
    }

    @Test
    fun aTransactionThatAnotherThreadUsesIsRefused() {
        assertThatThrownBy {
            store.atomic { runBlocking { withContext(Dispatchers.Default) { increment("n") } } }
        }.isInstanceOf(IllegalStateException::class.java)
        assertThat(store.getAs<Int>("n")).isZero()
    }

    @Test
    fun aBatchOfAStructuredScopeIsCancelledWithItsSiblings() {
        assertThatThrownBy {
            runBlocking {
                coroutineScope {
                    launch { store.awaitAtomic(600.seconds) { wait() } }
                    launch(start = CoroutineStart.UNDISPATCHED) { error("a sibling") }
                }
            }
        }.hasMessage("a sibling")
        assertThat(store.statistics().watchedPlaces()).isZero()
    }

    /** Waits for ever, for something that it has read. */
    private fun dev.heartwood.Transaction.wait() {
        get("n")
        retry<Unit>()
    }

    /** The thread of the call has hardly begun when the interrupt comes. */
    @Test
    fun aCallThatIsCancelledBeforeItsThreadHasBegunIsInterruptedAllTheSame() {
        runBlocking {
            repeat(200) {
                val job = launch(start = CoroutineStart.UNDISPATCHED) {
                    InterruptibleCall { Thread.sleep(60_000) }.await()
                }
                job.cancel()
                withTimeout(20.seconds) { job.join() }
            }
        }
    }
}
