package dev.heartwood.kotlin

import dev.heartwood.Root
import dev.heartwood.Store
import dev.heartwood.StoreException
import dev.heartwood.Update
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executors
import java.util.concurrent.ForkJoinPool
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.flow.transformWhile
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test

class ChangesTest {
    private val store = Store.of(mapOf("n" to 0))

    @Test
    fun aSlowCollectorGetsTheChangesOfMeanwhileAsOneThatSaysHowManyItSkipped(): Unit = runBlocking {
        val first = CompletableDeferred<Update>()
        val goOn = CompletableDeferred<Unit>()
        val collected = async(start = CoroutineStart.UNDISPATCHED) {
            store.changes(path("n")).onEach { if (first.complete(it)) goOn.await() }.take(2).toList()
        }
        store.increment("n")
        first.await()

        repeat(1_000) { store.increment("n") }
        goOn.complete(Unit)

        val last = collected.await()[1]
        assertThat(last.oldValue()).isEqualTo(1L)
        assertThat(last.newValue()).isEqualTo(1_001L)
        assertThat(last.skipped()).isEqualTo(999)
    }

    @Test
    fun eachCollectorSeesEveryChangeInOrderAndNoneTwice(): Unit = runBlocking(Dispatchers.Default) {
        val collectors = List(3) {
            async(start = CoroutineStart.UNDISPATCHED) {
                store.changes(path("n")).transformWhile { emit(it); it.newValue() != 400L }.toList()
            }
        }
        List(4) { launch { repeat(100) { store.updateAs<Int>(path("n")) { it + 1 } } } }

        for (collector in collectors) {
            val updates = collector.await()
            assertThat(updates.first().oldValue()).isEqualTo(0L)
            assertThat(updates.zipWithNext().filter { (one, next) -> one.newValue() != next.oldValue() }).isEmpty()
            assertThat(updates.sumOf { it.skipped() + 1 }).isEqualTo(400)
        }
        assertNothingIsWatched()
    }

    @Test
    fun whatTheCollectorThrowsIsThrownAndEndsTheSubscription() {
        assertThatThrownBy {
            runBlocking {
                launch { while (true) { store.increment("n"); delay(1.milliseconds) } }
                store.changes().collect { error("mine") }
            }
        }.hasMessage("mine")
        runBlocking { assertNothingIsWatched() }
    }

    @Test
    fun aCancelledCollectorLeavesNothingBehind(): Unit = runBlocking {
        val collector = launch(start = CoroutineStart.UNDISPATCHED) { store.changes().collect {} }
        assertThat(store.statistics().watchedPlaces()).isPositive()

        collector.cancelAndJoin()

        assertNothingIsWatched()
    }

    /** The publisher greets on the common pool, which is kept busy until the collector is gone. */
    @Test
    fun aCollectorThatIsCancelledBeforeItWasGreetedLeavesNothingBehind(): Unit = runBlocking {
        val busy = CountDownLatch(1)
        repeat(2 * ForkJoinPool.commonPool().parallelism + 2) { ForkJoinPool.commonPool().execute { busy.await() } }
        try {
            launch(start = CoroutineStart.UNDISPATCHED) { store.changes().collect {} }.cancelAndJoin()
        } finally {
            busy.countDown()
        }

        assertNothingIsWatched()
    }

    @Test
    fun aCollectorWhoseDispatcherIsClosedLeavesNothingBehind(): Unit = runBlocking {
        val dispatcher = Executors.newSingleThreadExecutor().asCoroutineDispatcher()
        val began = CompletableDeferred<Unit>()
        val collector = launch(dispatcher) { store.changes().onEach { began.complete(Unit) }.collect {} }
        val writer = launch(Dispatchers.Default) { while (true) { store.increment("n"); delay(1.milliseconds) } }
        began.await()

        dispatcher.close()
        withTimeout(60.seconds) { collector.join() }

        writer.cancelAndJoin()
        assertNothingIsWatched()
    }

    @Test
    fun aFlowIsColdAndEachCollectionBeginsAnew(): Unit = runBlocking {
        val flow = store.changes(path("n")).map { it.newValue() }
        store.increment("n")

        for (expected in listOf(2L, 3L)) {
            val first = async(start = CoroutineStart.UNDISPATCHED) { flow.first() }
            store.increment("n")
            assertThat(first.await()).isEqualTo(expected)
        }
        assertNothingIsWatched()
    }

    @Test
    fun aClosedStoreCannotBeCollected(): Unit = runBlocking {
        store.close()

        assertThat(store.changes().toList()).isEmpty()
    }

    @Test
    fun aStorageThatFailsEndsTheFlowWithItsReasonAfterTheLastChange(): Unit = runBlocking {
        val root = Root.inMemory(mapOf("n" to 0))
        val failing = Store.over(root)
        val seen = mutableListOf<Any?>()
        val collector = async(Dispatchers.Default + SupervisorJob(), start = CoroutineStart.UNDISPATCHED) {
            failing.changes(path("n")).collect { seen += it.newValue() }
        }
        failing.increment("n")

        root.timeline().fail(StoreException("the disk is gone"))

        val failure = runCatching { withTimeout(60.seconds) { collector.await() } }.exceptionOrNull()
        assertThat(failure).isInstanceOf(StoreException::class.java).hasMessage("the disk is gone")
        assertThat(seen).containsExactly(1L)
        assertThat(failing.statistics().watchedPlaces()).isZero()
    }

    private suspend fun assertNothingIsWatched() = withTimeout(60.seconds) {
        while (store.statistics().watchedPlaces() > 0) delay(1.milliseconds)
    }
}
