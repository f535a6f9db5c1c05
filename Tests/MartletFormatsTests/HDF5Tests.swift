import Foundation
import MartletFormats
import MartletGraph
import Testing

@Suite struct HDF5Tests {
    private func open(_ name: String) throws -> HDF5File {
        try HDF5File(Fixtures.own("hdf5/\(name)"))
    }

    /// 0, 1, 2 … as the script wrote them.
    private func counted(_ count: Int) -> [Double] { (0..<count).map { Double($0) } }

    @Test func readsEveryKindOfNumber() throws {
        let file = try open("forms.h5")
        let kinds: [(name: String, dtype: DataType)] = [
            ("le_f2", .float32), ("le_f4", .float32), ("le_f8", .float64), ("be_f4", .float32),
            ("i1", .int32), ("le_i2", .int32), ("le_i4", .int32), ("be_i8", .int64),
            ("u1", .uint8), ("le_u2", .int32), ("le_u4", .int64),
        ]
        for (name, dtype) in kinds {
            let array = try file.array("numbers/\(name)")
            #expect(array.type == TensorType(dtype, [3, 4]), "\(name)")
            #expect(array.doubles == counted(12), "\(name)")
        }
        #expect(try file.array("numbers/scalar") == HostTensor(Float(7.5)))
        #expect(try file.array("numbers/empty").type == TensorType(.float32, [0, 4]))
        let truths = HostTensor([false, true, false, true, false, true], shape: [2, 3])
        #expect(try file.array("numbers/bool") == truths)
    }

    @Test func readsChunksWithAndWithoutFilters() throws {
        let file = try open("forms.h5")
        for name in ["plain", "gzip"] {
            let array = try file.array("chunks/\(name)")
            #expect(array.type == TensorType(.float32, [7, 5]))
            #expect(array.doubles == counted(35), "\(name)")
        }
        let shuffled = try file.array("chunks/shuffled")
        #expect(shuffled.type == TensorType(.int32, [20, 30]))
        #expect(shuffled.doubles == counted(600))
        #expect(try file.array("chunks/line").doubles == counted(1000))
    }

    @Test func findsNamesAndTexts() throws {
        let file = try open("forms.h5")
        #expect(try file.names(in: "many") == ["deep"])
        #expect(Set(try file.names(in: "many/deep")) == Set((0..<40).map { "a\($0)" }))
        #expect(try file.array("many/deep/a17").doubles == [17, 18])
        #expect(try file.kind(of: "many") == .group)
        #expect(try file.kind(of: "numbers/bool") == .array)
        #expect(try file.kind(of: "numbers/none") == nil)
        #expect(try file.texts("text", of: "") == ["Grüße"])
        #expect(try file.texts("fixed", of: "") == ["fixed"])
        #expect(try file.texts("list", of: "") == ["one", "two", ""])
        #expect(try file.texts("bytes", of: "") == ["first", "2nd"])
        #expect(try file.texts("absent", of: "") == nil)
        Fixtures.expectRefusal("number") { _ = try file.texts("number", of: "") }
    }

    @Test func readsTheNewestFormOrNamesWhatItIs() throws {
        let file = try open("latest.h5")
        #expect(try file.texts("text", of: "") == ["newest"])
        #expect(try file.names(in: "group") == ["plain", "scalar", "chunks"])
        #expect(try file.array("group/plain").doubles == counted(12))
        #expect(try file.array("group/scalar") == HostTensor(Int64(-3)))
        let chunks = Fixtures.expectRefusal("chunks") { _ = try file.array("group/chunks") }
        #expect(chunks?.found == "chunks of HDF5 1.10's form")
        let many = Fixtures.expectRefusal("many") { _ = try file.names(in: "many") }
        #expect(many?.found == "links in a fractal heap")
    }

    @Test(arguments: [
        ("refused/checksum", "fletcher32"), ("refused/lzf", "lzf"), ("refused/complex", "records"),
        ("refused/record", "records"), ("refused/unwritten", "an array without values"),
        ("refused/unwritten_chunks", "an array without values"), ("refused/text", "texts"),
        ("alias", "a soft link"), ("outside", "a link into another file"),
        ("numbers", "a group"),
    ]) func refusesByName(path: String, found: String) throws {
        let file = try open("forms.h5")
        let error = Fixtures.expectRefusal(path) { _ = try file.array(path) }
        #expect(error?.found == found)
        #expect(error?.place == path)
    }

    @Test func saysWhichNamesThereAre() throws {
        let file = try open("forms.h5")
        let error = Fixtures.expectRefusal("absent") { _ = try file.array("many/none") }
        #expect(error?.expected == "an object at /many/none")
        #expect(error?.found == "deep")
    }

    @Test func refusesCyclesAndOtherFiles() throws {
        let file = try open("cycle.h5")
        #expect(try file.array("group/inner/number").doubles == [1])
        #expect(try file.array("group/inner/back/inner/number").doubles == [1])
        let error = Fixtures.expectRefusal("cycle") { _ = try file.arrayPaths() }
        #expect(error?.found == "a second name for one")
        Fixtures.expectRefusal("text") {
            _ = try HDF5File(FileContents(Array("layers".utf8), name: "text.h5"))
        }
    }

    @Test func readsWhatItWrites() throws {
        var writer = HDF5Writer()
        var arrays: [String: HostTensor] = [
            "kinds/f32": HostTensor([Float(1.5), -2], shape: [1, 2]),
            "kinds/f64": HostTensor([1e300, -2.5, 0], shape: [3]),
            "kinds/i32": HostTensor([Int32(-7)], shape: [1]),
            "kinds/i64": HostTensor(Int64(-1 << 40)),
            "kinds/u8": HostTensor([UInt8(0), 255], shape: [2]),
            "kinds/bool": HostTensor([true, false, true], shape: [3]),
            "kinds/empty": HostTensor(zeros: TensorType(.float32, [2, 0])),
        ]
        for number in 0..<700 { arrays["many/a\(number)"] = HostTensor(Float(number)) }
        for (path, array) in arrays { writer.add(array, at: path) }
        writer.addGroup("nothing/below")
        writer.setText("größer", attribute: "name", of: "kinds")
        writer.setText("", attribute: "none", of: "kinds/f32")
        let file = try HDF5File(FileContents(writer.bytes(), name: "made.h5"))
        #expect(Set(try file.arrayPaths()) == Set(arrays.keys))
        for (path, array) in arrays { #expect(try file.array(path) == array, "\(path)") }
        #expect(try file.names(in: "nothing") == ["below"])
        #expect(try file.names(in: "nothing/below") == [])
        #expect(try file.texts("name", of: "kinds") == ["größer"])
        #expect(try file.texts("none", of: "kinds/f32") == [""])
    }

    @Test func refusesToWriteWhatHasNoPlace() throws {
        var writer = HDF5Writer()
        writer.add(HostTensor(Float(1)), at: "a")
        writer.add(HostTensor(Float(1)), at: "a/b")
        Fixtures.expectRefusal("both") { _ = try writer.bytes() }
    }
}
