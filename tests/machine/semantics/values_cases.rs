// Rust: each public function gives a value made of constants.
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::rc::Rc;

pub fn arithmetic() -> Vec<i32> { vec![7 / 2, -7 / 2, 7 % 3, -7 % 3, 2 * 3 - 1, 1 << 4, 5 & 3, 5 | 3, 5 ^ 3, -9 >> 1] }
pub fn casts() -> Vec<i64> { vec![300i32 as u8 as i64, -1i32 as u32 as i64, 3.9f64 as i64, -3.9f64 as i64, 'a' as i64, true as i64, u8::MAX as i64] }
pub fn overflow_panics() -> u8 { let a: u8 = 255; let b: u8 = "x".len() as u8; a + b }
pub fn subtract_below_zero() -> usize { let v: Vec<i32> = vec![]; v.len() - 1 }
pub fn wrapping() -> Vec<u8> { vec![255u8.wrapping_add(1), 250u8.saturating_add(10), 5u8.saturating_sub(9)] }
pub fn checked() -> Vec<Option<u8>> { vec![255u8.checked_add(1), 1u8.checked_add(1), 1u8.checked_sub(2)] }
pub fn divide_by_zero() -> i32 { let zero = "".len() as i32; 1 / zero }
pub fn index_out_of_bounds() -> i32 { let v = vec![1, 2]; let i = v.len(); v[i] }
pub fn slice_out_of_bounds() -> String { let s = "abc"; s[1..9].to_string() }
pub fn unwrap_none() -> i32 { let x: Option<i32> = None; x.unwrap() }
pub fn expect_err() -> i32 { let x: Result<i32, String> = Err("bad".into()); x.expect("no") }
pub fn parse_fails() -> bool { "abc".parse::<i32>().is_err() }
pub fn parses() -> Vec<i32> { vec!["12".parse().unwrap(), "-5".parse().unwrap_or(0), "x".parse().unwrap_or(7), "".parse().unwrap_or_default()] }
pub fn option_combinators() -> Vec<Option<i32>> { vec![Some(2).map(|x| x * 2), None.map(|x: i32| x), Some(2).and_then(|x| if x > 1 { Some(x) } else { None }), Some(1).filter(|x| *x > 1), None.or(Some(3)), Some(1).or(Some(3)), None.or_else(|| Some(4)), Some(1).xor(None), Some(1).and(Some(2)), Some(5).take()] }
pub fn option_values() -> Vec<i32> { vec![Some(1).unwrap_or(2), None.unwrap_or(2), None.unwrap_or_else(|| 3), None::<i32>.unwrap_or_default(), Some(2).map_or(0, |x| x * 3), None.map_or(9, |x: i32| x)] }
pub fn option_tests() -> Vec<bool> { vec![Some(1).is_some(), None::<i32>.is_none(), Some(1) == Some(1), Some(1) == None, Some(2).is_some_and(|x| x > 1), Some(1) < Some(2)] }
pub fn option_take_replace() -> (Option<i32>, Option<i32>, Option<i32>) { let mut a = Some(1); let t = a.take(); let mut b = Some(2); let r = b.replace(5); (t, r, a.or(b)) }
pub fn option_insert() -> (i32, Option<i32>) { let mut a: Option<i32> = None; let v = *a.get_or_insert(4); (v, a) }
pub fn option_ok_or() -> Vec<bool> { vec![Some(1).ok_or("e").is_ok(), None::<i32>.ok_or("e").is_err()] }
pub fn result_combinators() -> Vec<i32> { let ok: Result<i32, String> = Ok(2); let bad: Result<i32, String> = Err("x".into()); vec![ok.clone().map(|x| x + 1).unwrap(), bad.clone().unwrap_or(0), bad.clone().map_err(|e| e.len()).unwrap_err() as i32, ok.clone().and_then(|x| Ok::<i32, String>(x * 2)).unwrap(), bad.clone().or_else(|_| Ok::<i32, String>(9)).unwrap(), ok.clone().ok().unwrap(), bad.ok().unwrap_or(-1)] }
fn parse_two(a: &str, b: &str) -> Result<i32, String> { let x = a.parse::<i32>().map_err(|_| format!("bad {a}"))?; let y: i32 = b.parse().map_err(|_| format!("bad {b}"))?; Ok(x + y) }
pub fn question_mark() -> Vec<Result<i32, String>> { vec![parse_two("1", "2"), parse_two("1", "x"), parse_two("y", "x")] }
fn first_even(v: &[i32]) -> Option<i32> { let x = v.iter().find(|x| *x % 2 == 0)?; Some(*x * 10) }
pub fn question_mark_option() -> Vec<Option<i32>> { vec![first_even(&[1, 2]), first_even(&[1, 3]), first_even(&[])] }
pub fn matches_numbers() -> Vec<&'static str> { [0, 1, 5, 12, -1].iter().map(|n| match n { 0 => "zero", 1 | 2 => "few", 3..=9 => "some", x if *x > 9 => "many", _ => "neg" }).collect() }
pub fn matches_tuples() -> Vec<i32> { [(0, 1), (1, 0), (2, 3)].iter().map(|p| match p { (0, y) => *y, (x, 0) => *x * 10, (x, y) => x + y }).collect() }
pub fn matches_slices() -> Vec<i32> { let f = |v: &[i32]| match v { [] => 0, [x] => *x, [a, .., b] => a * 10 + b }; vec![f(&[]), f(&[5]), f(&[1, 2]), f(&[1, 2, 3])] }
pub fn matches_strings() -> Vec<i32> { ["get", "post", "x"].iter().map(|s| match *s { "get" => 1, "post" | "put" => 2, _ => 3 }).collect() }
pub fn matches_binding() -> Vec<i32> { [3, 7, 20].iter().map(|x| match *x { n @ 1..=5 => n, n @ (6 | 7) => n * 10, n => -n }).collect() }
#[derive(Debug, Clone, PartialEq)]
pub enum Shape { Dot, Circle(i32), Rect { w: i32, h: i32 } }
impl Shape { fn area(&self) -> i32 { match self { Shape::Dot => 0, Self::Circle(r) => r * r, Shape::Rect { w, h } => w * h } } }
pub fn enums() -> Vec<i32> { vec![Shape::Dot.area(), Shape::Circle(3).area(), Shape::Rect { w: 2, h: 5 }.area()] }
pub fn enum_equality() -> Vec<bool> { vec![Shape::Dot == Shape::Dot, Shape::Circle(1) == Shape::Circle(2), Shape::Circle(1) == Shape::Circle(1), matches!(Shape::Circle(4), Shape::Circle(n) if n > 3), matches!(Shape::Dot, Shape::Rect { .. })] }
pub fn if_lets() -> Vec<i32> { let f = |o: Option<i32>| if let Some(x) = o { x } else { -1 }; let g = |s: Shape| { if let Shape::Rect { w, .. } = s { return w; } 0 }; vec![f(Some(4)), f(None), g(Shape::Rect { w: 7, h: 1 }), g(Shape::Dot)] }
fn else_value(o: Option<&str>) -> i32 { let Some(s) = o else { return -1; }; s.len() as i32 }
pub fn let_elses() -> Vec<i32> { vec![else_value(Some("abc")), else_value(None)] }
pub fn while_lets() -> Vec<i32> { let mut stack = vec![1, 2, 3]; let mut out = vec![]; while let Some(x) = stack.pop() { out.push(x); if x == 3 { stack.push(10); } } out }
pub fn loops_labelled() -> Vec<(i32, i32)> { let mut out = vec![]; 'outer: for i in 0..3 { for j in 0..3 { if j == 1 { continue 'outer; } if i == 2 { break 'outer; } out.push((i, j)); } } out }
pub fn loop_values() -> i32 { let mut n = 0; let r = loop { n += 1; if n == 5 { break n * 2; } }; let b = 'a: { if r > 5 { break 'a 1; } 2 }; r + b }
pub fn ranges() -> Vec<i32> { let mut v: Vec<i32> = (0..3).collect(); v.extend(5..=6); v.extend((0..3).rev()); v.extend((0..10).step_by(4)); v }
pub fn while_loops() -> Vec<i32> { let mut n = 5; let mut out = vec![]; while n > 0 { n -= 2; if n == 1 { continue; } out.push(n); } out }
pub fn shadowing() -> Vec<i32> { let x = 1; let mut out = vec![x]; { let x = x + 1; out.push(x); } let x = "abc".len() as i32; out.push(x); out }
pub fn blocks_as_values() -> i32 { let a = { let b = 2; b * 3 }; let c = if a > 5 { 10 } else { 20 }; let d = match c { 10 => { let e = 1; e + 1 } _ => 0 }; a + c + d }
pub fn closures() -> Vec<i32> { let k = 3; let add = |x| x + k; let mut n = 0; let mut up = || { n += 1; n }; let a = up(); let b = up(); vec![add(1), a, b] }
fn apply<F: Fn(i32) -> i32>(f: F, x: i32) -> i32 { f(f(x)) }
fn adder(k: i32) -> impl Fn(i32) -> i32 { move |x| x + k }
pub fn closures_passed() -> Vec<i32> { let b: Box<dyn Fn(i32) -> i32> = Box::new(|x| x * 2); vec![apply(|x| x + 1, 1), apply(adder(5), 0), b(4)] }
trait Speaks { fn name(&self) -> String; fn speak(&self) -> String { format!("{} speaks", self.name()) } }
struct Dog { n: i32 }
struct Cat;
impl Speaks for Dog { fn name(&self) -> String { format!("dog{}", self.n) } }
impl Speaks for Cat { fn name(&self) -> String { "cat".to_string() } fn speak(&self) -> String { "meow".into() } }
pub fn traits() -> Vec<String> { let all: Vec<Box<dyn Speaks>> = vec![Box::new(Dog { n: 1 }), Box::new(Cat)]; all.iter().map(|a| a.speak()).collect() }
#[derive(Default, Clone, Debug, PartialEq)]
struct Room { name: String, count: i32, tags: Vec<String> }
impl Room { fn new(name: &str) -> Self { Self { name: name.to_string(), ..Default::default() } } fn add(&mut self, by: i32) -> &mut Self { self.count += by; self } fn full(self) -> bool { self.count > 2 } }
pub fn structs() -> (i32, String, bool, bool) { let mut r = Room::new("a"); r.add(1).add(2); let s = r.clone(); r.count = 9; (s.count, r.name.clone(), s == r, r.full()) }
pub fn struct_update() -> (i32, i32) { let a = Room { count: 1, ..Room::new("x") }; let b = Room { name: "y".into(), ..a.clone() }; (a.count, b.count) }
pub fn vectors() -> Vec<i32> { let mut v = vec![3, 1, 2]; v.push(5); v.insert(0, 9); let gone = v.remove(1); v.sort(); v.retain(|x| *x != 5); v.swap(0, 1); v.extend(vec![gone, v.len() as i32]); v.truncate(5); v }
pub fn vector_reads() -> Vec<Option<i32>> { let v = vec![1, 2, 3]; vec![v.first().copied(), v.last().copied(), v.get(1).cloned(), v.get(9).copied(), v.iter().max().copied(), v.iter().min().copied(), Vec::<i32>::new().first().copied()] }
pub fn vector_tests() -> Vec<bool> { let v = vec![1, 2]; vec![v.is_empty(), v.contains(&2), v.iter().any(|x| *x > 1), v.iter().all(|x| *x > 1), v == [1, 2], v.starts_with(&[1])] }
pub fn vector_orders() -> Vec<i32> { let mut v = vec![(2, 'a'), (1, 'b'), (2, 'c')]; v.sort_by_key(|p| p.0); let mut w = vec![3, 1, 2]; w.sort_by(|a, b| b.cmp(a)); w.reverse(); w.dedup(); v.iter().map(|p| p.0).chain(w).collect() }
pub fn vector_parts() -> Vec<i32> { let mut v = vec![1, 2, 3, 4]; let d: Vec<i32> = v.drain(..2).collect(); let s = &v[..1]; d.iter().sum::<i32>(); vec![d.len() as i32, s[0], v.len() as i32, v.pop().unwrap()] }
pub fn iterators() -> Vec<i32> { let v = [1, 2, 3, 4]; vec![v.iter().sum(), v.iter().product(), v.iter().count() as i32, v.iter().map(|x| x * 2).filter(|x| *x > 3).sum(), v.iter().fold(0, |a, x| a * 10 + x), v.iter().skip(1).take(2).sum(), *v.iter().rev().next().unwrap(), v.iter().position(|x| *x == 3).unwrap() as i32, *v.iter().nth(1).unwrap(), v.iter().zip(v.iter().skip(1)).map(|(a, b)| a * b).sum(), v.iter().filter_map(|x| if *x > 2 { Some(x * 2) } else { None }).sum(), v.iter().take_while(|x| **x < 3).count() as i32, *v.iter().max_by_key(|x| (**x - 2).abs()).unwrap()] }
pub fn iterators_collected() -> Vec<i32> { let a: Vec<i32> = vec![vec![1], vec![2, 3]].into_iter().flatten().collect(); let b: Vec<(usize, char)> = "ab".chars().enumerate().collect(); let c: HashSet<i32> = [1, 1, 2].into_iter().collect(); let mut d: Vec<i32> = a.iter().flat_map(|x| vec![*x, *x]).collect(); d.push(b.len() as i32); d.push(c.len() as i32); d }
pub fn collect_results() -> Vec<bool> { let a: Result<Vec<i32>, _> = ["1", "2"].iter().map(|s| s.parse::<i32>()).collect(); let b: Result<Vec<i32>, _> = ["1", "x"].iter().map(|s| s.parse::<i32>()).collect(); let c: Option<Vec<i32>> = vec![Some(1), None].into_iter().collect(); vec![a.is_ok(), b.is_ok(), c.is_some()] }
pub fn iterator_by_hand() -> Vec<i32> { let v = vec![1, 2, 3]; let mut it = v.iter().peekable(); let mut out = vec![]; while let Some(x) = it.next() { if let Some(n) = it.peek() { out.push(*x + **n); } else { out.push(*x); } } out }
pub fn partitions() -> (Vec<i32>, Vec<i32>) { vec![1, 2, 3].into_iter().partition(|x| x % 2 == 0) }
pub fn strings() -> Vec<String> { let s = " Hello "; vec![s.trim().to_string(), s.to_uppercase(), s.to_lowercase(), s.replace("l", "L"), s.trim_start().to_owned(), "a".repeat(3), "abc"[1..].to_string(), "abc".chars().rev().collect(), "a-b".split('-').collect::<Vec<_>>().join("+"), "abc".chars().nth(1).unwrap().to_string(), String::from("x") + "y", "/ws/AB".trim_start_matches("/ws/").to_string()] }
pub fn string_tests() -> Vec<bool> { let s = "hello"; vec![s.starts_with("he"), s.ends_with('o'), s.contains("ell"), s.is_empty(), s == "hello", s.eq_ignore_ascii_case("HELLO"), s < "help", "a1".chars().all(char::is_alphanumeric), s.chars().any(|c| c.is_uppercase()), 'x'.is_ascii_lowercase()] }
pub fn string_finds() -> Vec<Option<usize>> { vec!["a/b".find('/'), "a/b".rfind("z"), "abc".find("c"), "abab".rfind('b'), "é/".find('/')] }
pub fn string_splits() -> Vec<usize> { vec!["a,b,,c".split(',').count(), " a  b ".split_whitespace().count(), "a\nb".lines().count(), "a=b=c".splitn(2, '=').count(), "".split(',').count(), "héé".len(), "héé".chars().count(), "/a/b".split('/').filter(|s| !s.is_empty()).count()] }
pub fn string_pairs() -> (Option<String>, Option<String>) { ("k=v=w".split_once('=').map(|(_, v)| v.to_string()), "kv".split_once('=').map(|(k, _)| k.to_string())) }
pub fn string_prefixes() -> Vec<Option<&'static str>> { vec!["/ws/x".strip_prefix("/ws/"), "/x".strip_prefix("/ws/"), "a.rs".strip_suffix(".rs")] }
pub fn string_building() -> String { let mut s = String::new(); s.push('a'); s.push_str("bc"); s += "d"; s.insert(0, 'z'); s.pop(); format!("{s}-{}-{:>3}-{:03}-{:?}-{:.1}", s.len(), 5, 7, "q", 1.25) }
pub fn formats() -> Vec<String> { let n = 3; let name = "a"; vec![format!("{n}{name}"), format!("{0}{1}{0}", 1, 2), format!("{:?}", Some(1)), format!("{:?}", vec![1, 2]), format!("{{}}"), format!("{:x}", 255), format!("{:<4}|", "a"), format!("{:?}", "q\"")] }
pub fn path_segments() -> Vec<String> { let path = "/rooms/AB/ws"; let mut parts = path.trim_matches('/').split('/'); match (parts.next(), parts.next(), parts.next()) { (Some("rooms"), Some(id), Some(tail)) => vec![id.to_string(), tail.to_string()], _ => vec![] } }
pub fn hash_maps() -> Vec<i32> { let mut m = HashMap::new(); m.insert("a", 1); let old = m.insert("a", 2).unwrap(); *m.entry("b").or_insert(0) += 5; *m.entry("a").or_insert(9) += 1; m.entry("c").and_modify(|x| *x += 1).or_insert(7); let gone = m.remove("b").unwrap(); vec![old, m["a"], gone, m.len() as i32, *m.get("c").unwrap_or(&0), m.get("z").copied().unwrap_or(-1), m.contains_key("b") as i32] }
pub fn hash_map_missing() -> i32 { let m: HashMap<&str, i32> = HashMap::new(); m["x"] }
pub fn btree_maps() -> Vec<String> { let mut m = BTreeMap::new(); for w in "b a b c".split(' ') { *m.entry(w).or_insert(0) += 1; } m.iter().map(|(k, v)| format!("{k}{v}")).collect() }
pub fn map_of_vectors() -> usize { let mut m: HashMap<i32, Vec<i32>> = HashMap::new(); for x in 1..=4 { m.entry(x % 2).or_default().push(x); } if let Some(v) = m.get_mut(&0) { v.push(9); } m[&0].len() }
pub fn map_views() -> Vec<i32> { let m: BTreeMap<i32, i32> = [(2, 20), (1, 10)].into_iter().collect(); let mut v: Vec<i32> = m.keys().copied().collect(); v.extend(m.values()); v.push(*m.first_key_value().unwrap().1); v }
pub fn hash_sets() -> Vec<bool> { let mut s = HashSet::new(); vec![s.insert(1), s.insert(1), s.contains(&1), s.remove(&2), s.remove(&1), s.is_empty()] }
pub fn deques() -> Vec<i32> { let mut d = VecDeque::new(); d.push_back(1); d.push_back(2); d.push_front(0); let a = d.pop_front().unwrap(); let b = d.pop_back().unwrap(); vec![a, b, d.len() as i32, d[0]] }
pub fn cells() -> Vec<i32> { let c = Cell::new(1); c.set(c.get() + 1); let old = c.replace(5); let r = RefCell::new(vec![1]); r.borrow_mut().push(2); { let b = r.borrow(); let n = b.len(); c.set(n as i32); } let x = vec![c.get(), old, r.borrow()[1]]; x }
pub fn borrowed_twice() -> i32 { let r = RefCell::new(1); let a = r.borrow_mut(); let b = r.borrow_mut(); *a + *b }
pub fn borrowed_while_read() -> i32 { let r = RefCell::new(vec![1]); for x in r.borrow().iter() { r.borrow_mut().push(*x); } 0 }
pub fn borrowed_in_turn() -> i32 { let r = RefCell::new(1); { *r.borrow_mut() += 1; } let v = *r.borrow(); *r.borrow_mut() = v * 2; let x = *r.borrow(); x }
pub fn borrow_tried() -> Vec<bool> { let r = RefCell::new(1); let a = r.borrow_mut(); let t = r.try_borrow().is_err(); drop(a); let x = vec![t, r.try_borrow_mut().is_ok()]; x }
pub fn shared() -> Vec<i32> { let a = Rc::new(RefCell::new(1)); let b = Rc::clone(&a); *b.borrow_mut() += 4; let x = *a.borrow(); vec![x, Rc::strong_count(&a) as i32] }
pub fn references() -> Vec<i32> { let mut a = 1; { let b = &mut a; *b += 1; } let mut v = vec![1, 2]; for x in v.iter_mut() { *x *= 10; } if let Some(f) = v.first_mut() { *f += 1; } for x in &mut v { *x += 1; } v.push(a); v }
fn bump(x: &mut i32, v: &mut Vec<i32>) { *x += 1; v.push(*x); }
pub fn references_passed() -> Vec<i32> { let mut x = 1; let mut v = vec![]; bump(&mut x, &mut v); bump(&mut x, &mut v); v.push(x); v }
pub fn swaps() -> Vec<i32> { let mut a = 1; let mut b = 2; std::mem::swap(&mut a, &mut b); let old = std::mem::replace(&mut a, 9); let mut v = vec![1, 2]; let taken = std::mem::take(&mut v); vec![a, b, old, v.len() as i32, taken.len() as i32] }
pub fn tuples() -> (i32, String, bool) { let t = (1, "a", true); let (x, y, _) = t; (x + t.0, y.to_string() + t.1, !t.2) }
pub fn nested_destructuring() -> i32 { let (a, (b, [c, d])) = (1, (2, [3, 4])); let Room { count, .. } = Room { count: 5, ..Default::default() }; a + b + c + d + count }
pub fn constants() -> i32 { const LIMIT: i32 = 4; static NAMES: [&str; 2] = ["a", "b"]; LIMIT + NAMES.len() as i32 }
pub fn early_returns() -> Vec<i32> { fn f(x: i32) -> i32 { if x < 0 { return 0; } if x > 10 { return 10; } x } vec![f(-1), f(5), f(11)] }
pub fn floats() -> Vec<bool> { vec![0.1 + 0.2 == 0.3, (2.5f64).round() == 3.0, (1.0f64 / 0.0).is_infinite(), f64::NAN == f64::NAN, (7.0f64).sqrt() > 2.6, (2.7f64).floor() as i32 == 2] }
pub fn min_max() -> Vec<i32> { vec![3.min(5), 3.max(5), 15.clamp(0, 10), (-4i32).abs(), 2i32.pow(5), (-7i32).rem_euclid(3), i32::MAX.wrapping_add(1)] }
pub fn comparisons() -> Vec<bool> { vec![(1, "b") > (1, "a"), [1, 2] < [1, 3], "a".to_string() == "a", Some(0) > None, 'a' < 'b', vec![1] == vec![1]] }
pub fn assertion() -> i32 { let a = 1; assert_eq!(a, 2, "not so"); a }
pub fn unreachable_called() -> i32 { let a = 1; if a == 1 { unreachable!("here") } else { 2 } }
pub fn explicit_panic() -> i32 { let v: Vec<i32> = Vec::new(); if v.is_empty() { panic!("empty"); } 1 }
