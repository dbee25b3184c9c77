import Testing

@testable import Reactor

@Suite struct FreedMemoryTests {
    @Test func whoTunesTheAllocatorHimselfIsLeftAlone() {
        #expect(FreedMemory.isTuned(["MALLOC_ARENA_MAX": "2"]))
        #expect(FreedMemory.isTuned(["GLIBC_TUNABLES": "glibc.malloc.trim_threshold=1"]))
        #expect(!FreedMemory.isTuned(["GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX512F"]))
        #expect(!FreedMemory.isTuned(["HOME": "/", "MALLOCATOR": "x"]))
    }
}
