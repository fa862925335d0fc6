// Ordinary Swift that leans on the runtime: classes, existentials, dictionaries, reflection, Foundation.
// Run with the library preloaded; prints "sound" when all of it works.
import Foundation

protocol Shape { func area() -> Double }
final class Square: Shape {
  let side: Double
  init(side: Double) { self.side = side }
  func area() -> Double { side * side }
}
struct Circle: Shape, Codable {
  var radius: Double
  func area() -> Double { radius * radius * 3 }
}

var shapes: [String: any Shape] = [:]
for number in 0..<1000 {
  shapes["square \(number)"] = Square(side: Double(number))
  shapes["circle \(number)"] = Circle(radius: Double(number))
}
let total = shapes.values.reduce(0) { $0 + $1.area() }
let copy = try JSONDecoder().decode(Circle.self, from: JSONEncoder().encode(Circle(radius: 2)))
let fields = Mirror(reflecting: copy).children.count
print(total == 1_331_334_000 && copy.radius == 2 && fields == 1 ? "sound" : "broken: \(total)")
