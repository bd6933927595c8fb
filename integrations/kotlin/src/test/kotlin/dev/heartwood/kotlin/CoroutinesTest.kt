package dev.heartwood.kotlin

import dev.heartwood.KeyPath
import dev.heartwood.Store
import dev.heartwood.StoreClosedException
import java.util.concurrent.TimeoutException
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test

class CoroutinesTest {
    private val store = Store.of(mapOf("jobs" to emptyList<String>(), "n" to 0))

    @Test
    fun aCoroutineSuspendsUntilTheConditionHolds(): Unit = runBlocking {
        val waiting = async(start = CoroutineStart.UNDISPATCHED) { store.await { it.getAs<Int>("n") > 1 } }

        store.increment("n")
        store.increment("n")

        assertThat(waiting.await().getAs<Int>("n")).isEqualTo(2)
    }

    @Test
    fun aCancelledCoroutineIsForgottenByTheStore(): Unit = runBlocking {
        val waiting = launch(start = CoroutineStart.UNDISPATCHED) { store.await { it.getAs<Int>("n") > 1 } }
        assertThat(store.statistics().watchedPlaces()).isPositive()

        waiting.cancelAndJoin()

        assertThat(store.statistics().watchedPlaces()).isZero()
    }

    @Test
    fun aClosedStoreEndsTheWaiting() {
        assertThatThrownBy {
            runBlocking {
                val waiting = async(start = CoroutineStart.UNDISPATCHED) { store.await { it.getAs<Int>("n") > 1 } }
                store.close()
                waiting.await()
            }
        }.isInstanceOf(StoreClosedException::class.java)
    }

    @Test
    fun eachJobIsTakenByOneCoroutineThatWaitsForIt(): Unit = runBlocking {
        val takers = List(4) {
            async(Dispatchers.Default) {
                List(5) {
                    store.awaitAtomic(60.seconds) {
                        check(size("jobs") > 0)
                        remove(path("jobs", 0))
                    }
                }
            }
        }
        withContext(Dispatchers.Default) { repeat(20) { store.append("jobs", "job $it") } }

        assertThat(takers.awaitAll().flatten()).containsExactlyInAnyOrderElementsOf(List(20) { "job $it" })
    }

    @Test
    fun aBatchThatWaitsEndsAfterItsTimeAndWhenItIsCancelled(): Unit = runBlocking {
        assertThatThrownBy { runBlocking { store.awaitAtomic(1.milliseconds) { retry<Unit>() } } }
            .isInstanceOf(TimeoutException::class.java)

        val waiting = launch(start = CoroutineStart.UNDISPATCHED) { store.awaitAtomic(600.seconds) { retry<Unit>() } }
        waiting.cancelAndJoin()

        assertThat(waiting.isCancelled).isTrue()
    }

    @Test
    fun changesComeAsAFlowUntilTheCollectorHasEnough(): Unit = runBlocking {
        val collected = async(start = CoroutineStart.UNDISPATCHED) { store.changes(path("n")).take(2).toList() }
        store.increment("n")
        val next = async(start = CoroutineStart.UNDISPATCHED) { store.changes(path("n")).first() }
        store.put("elsewhere", 1)

        launch(Dispatchers.Default) { while (!collected.isCompleted || !next.isCompleted) store.increment("n") }

        val updates = collected.await()
        assertThat(updates[0].oldValue()).isEqualTo(0L)
        assertThat(updates[1].oldValue()).isEqualTo(updates[0].newValue())
        assertThat(next.await().path()).isEqualTo(KeyPath.of("n"))
    }

    @Test
    fun aFlowEndsWhenTheStoreIsClosed(): Unit = runBlocking {
        val collected = async(start = CoroutineStart.UNDISPATCHED) { store.changes().toList() }

        store.close()

        assertThat(collected.await()).isEmpty()
    }
}
