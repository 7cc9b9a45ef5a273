// expect: exit 0
#include <stddef.h>
#include <stdarg.h>
#include <stdint.h>
#include <limits.h>
static int fails, line_;
#define CHECK(e) do { if (!(e)) { fails++; if (!line_) line_ = __LINE__; } } while (0)
#define CAT(a,b) a##b
#define STR(x) #x
#define XSTR(x) STR(x)
#define VA(fmt, ...) count(fmt, ##__VA_ARGS__)
#define MAX(a,b) ((a)>(b)?(a):(b))
static int slen(const char*s){int n=0;while(s[n])n++;return n;}
static int eq(const char*a,const char*b){while(*a&&*a==*b){a++;b++;}return *a==*b;}
static int sum(int n, ...) { va_list ap; va_start(ap,n); int s=0; for(int i=0;i<n;i++) s+=va_arg(ap,int); va_end(ap); return s; }
static double dsum(int n, ...) { va_list ap, aq; va_start(ap,n); va_copy(aq, ap); double s=0; for(int i=0;i<n;i++) s+=va_arg(ap,double); for(int i=0;i<n;i++) s+=va_arg(aq,double); va_end(ap); va_end(aq); return s; }
struct bits { unsigned a:3; int b:5; unsigned c:24; unsigned char d; unsigned long e:40; };
union u { int i; char c[4]; float f; };
struct nest { struct { int a; union { int b; short s[2]; }; }; int arr[3]; };
enum color { RED, GREEN = 5, BLUE };
typedef struct node { int v; struct node *next; } node;
struct pt { double x, y; };
static struct pt mk(double x, double y) { struct pt p = {x,y}; return p; }
static struct pt addp(struct pt a, struct pt b) { a.x += b.x; a.y += b.y; return a; }
static int vecsum(int n, int a[n]) { int s=0; for(int i=0;i<n;i++) s+=a[i]; return s; }
static int counter(void) { static int c = 10; return c++; }
int arr2[2][3] = {{1,2,3},{4,5,6}};
const char *names[] = { "zero", "one", [3] = "three" };
int (*ops[2])(int, ...) = { sum, sum };
static int knr(a, b) int a; char b; { return a + b; }
extern int later;
int *plater = &later;
int later = 77;
char msg[] = "hello" " " "world";
static const struct pt origin = { .y = 2.5 };
struct flex { int n; char data[]; };
static inline int sq(int x) { return x*x; }
static void swap(int *a, int *b) { int t=*a; *a=*b; *b=t; }
static int gotos(int n) { int i=0; again: if (i<n) { i++; goto again; } return i; }
static int dowh(void){ int i=0; do { i++; if (i==3) continue; if (i>5) break; } while (i<10); return i; }
static int sw(int x) { switch(x) { case 1: return 10; case 2: case 3: x++; case 4: return x; case 10 ... 20: return 99; default: return -1; } }
static int duff(int n){ int c=0; switch(n%4){ case 0: do{ c++; case 3: c++; case 2: c++; case 1: c++; } while((n-=4)>0);} return c; }
int main(void) {
  CHECK(CAT(1,2)==12); CHECK(eq(XSTR(MAX(1,2)),"((1)>(2)?(1):(2))")); CHECK(eq(STR("a\n"),"\"a\\n\""));
  CHECK(sizeof(long)==sizeof(void*) || sizeof(long)==4);
  CHECK(sum(4,1,2,3,4)==10); CHECK(dsum(2,1.5,2.5f)==8.0);
  struct bits b = {5,-3,0xABCDE,7}; CHECK(b.a==5&&b.b==-3&&b.c==0xABCDE&&b.d==7); b.a=9; CHECK(b.a==1); b.b++; CHECK(b.b==-2); b.e = 0xFFFFFFFFFFULL; CHECK(b.e==0xFFFFFFFFFFULL);
  CHECK(sizeof(struct bits)==16);
  union u u; u.f = 1.0f; CHECK(u.i==0x3f800000); CHECK(u.c[3]==0x3f);
  struct nest n = { {1,{2}}, {3,4,5} }; CHECK(n.a==1&&n.b==2&&n.arr[2]==5); n.s[1]=1; CHECK(n.b==0x10002);
  CHECK(BLUE==6); enum color col = GREEN; CHECK(col==5);
  node c3={3,0}, c2={2,&c3}, c1={1,&c2}; int s=0; for(node*p=&c1;p;p=p->next) s+=p->v; CHECK(s==6);
  struct pt p = addp(mk(1,2), mk(3,4)); CHECK(p.x==4&&p.y==6); CHECK(mk(7,8).y==8); CHECK(origin.y==2.5&&origin.x==0);
  int va[4]={1,2,3,4}; CHECK(vecsum(4,va)==10);
  int m = 3; int vla[m][m+1]; CHECK(sizeof vla == 48); for(int i=0;i<m;i++) for(int j=0;j<=m;j++) vla[i][j]=i*10+j; CHECK(vla[2][3]==23); 
  CHECK(counter()==10&&counter()==11);
  CHECK(arr2[1][2]==6 && *(*(arr2+1)+1)==5 && sizeof arr2[0]==12);
  CHECK(eq(names[3],"three") && names[2]==0 && sizeof names/sizeof *names==4);
  CHECK(ops[1](2,5,6)==11); CHECK((*ops[0])(1,3)==3); CHECK(knr(1,2)==3); CHECK(*plater==77);
  CHECK(sizeof msg==12 && eq(msg+6,"world")); CHECK(sizeof(struct flex)==4); CHECK(sq(5)==25);
  int x=1,y=2; swap(&x,&y); CHECK(x==2&&y==1); CHECK(gotos(7)==7); CHECK(dowh()==6);
  CHECK(sw(1)==10&&sw(2)==3&&sw(3)==4&&sw(4)==4&&sw(15)==99&&sw(0)==-1); CHECK(duff(6)==6);
  CHECK((unsigned char)300==44 && (signed char)200==-56 && (short)70000==4464);
  CHECK(-1 > 0u); CHECK((unsigned)-1 == UINT_MAX); CHECK(-7/2==-3 && -7%2==-1); CHECK((-8>>1)==-4); CHECK((1u<<31)==2147483648u);
  int big=INT_MAX; big++; CHECK(big==INT_MIN); unsigned long long ull = 1ULL<<63; CHECK(ull/3==3074457345618258602ULL); CHECK(ull>>62==2);
  CHECK((int)3.99==3 && (int)-3.99==-3 && (float)0.1 != 0.1); double d = 7/2; CHECK(d==3.0); CHECK(7/2.0==3.5);
  float f = 16777216.0f; f += 1; CHECK(f==16777216.0f); f = 0.1f; CHECK(f*f == (float)(0.1f*0.1f));
  CHECK((3,4)==4); CHECK(1?2:3); int *np=NULL; CHECK(!np); CHECK((np ? *np : 5)==5);
  int q=5; q+=2; q-=1; q*=3; q/=2; q%=5; q<<=3; q|=1; q^=3; q&=0xfe; q>>=1; CHECK(q==17); 
  char ch='a'; ch+=1; CHECK(ch=='b'); CHECK('\x41'=='A' && '\101'=='A' && '\n'==10); CHECK(sizeof 'a'==4);
  int *pi = va; CHECK(*pi++==1 && *pi==2 && *++pi==3 && --*pi==2 && (*pi)++==2 && pi[-1]==2); CHECK(&va[3]-&va[0]==3); CHECK(pi>va);
  CHECK(((int[]){1,2,3})[1]==2); struct pt *pp=&(struct pt){.x=9}; CHECK(pp->x==9&&pp->y==0);
  CHECK(({ int t=4; t*2; })==8); __typeof__(x) tx = 6; CHECK(tx==6);
  CHECK(offsetof(struct nest, arr)==8); _Static_assert(sizeof(int)==4,"int");
  CHECK(eq(__func__,"main")); CHECK(slen(__FILE__)>0);
  CHECK(_Generic(1.0, int:1, double:2, default:3)==2);
  int z[3]={[1]=5}; CHECK(z[0]==0&&z[1]==5&&z[2]==0); int w[]={[0 ... 3]=7,8}; CHECK(w[3]==7&&w[4]==8&&sizeof w==20);
  const char *t = "a" "b"; CHECK(t[1]=='b'&&t[2]==0); CHECK("xyz"[1]=='y');
  _Bool bo = 5; CHECK(bo==1); bo = 0.5; CHECK(bo==1); long double ld = 1.5L; CHECK(ld*2==3.0L); CHECK(sizeof(long double)==16);
  uint8_t u8=255; u8++; CHECK(u8==0); int8_t i8=127; i8++; CHECK(i8==-128); uint16_t u16=65535; u16+=2; CHECK(u16==1);
  int64_t i64 = INT64_MIN; CHECK(i64<0); CHECK((uint32_t)(i64>>32)==0x80000000u);
  for (int i=0, j=10; i<j; i++, j--) if (i==5) CHECK(0);
  struct { int a; struct { int b[2]; } c; } an = { 1, 2, 3 }; CHECK(an.c.b[1]==3);
  int (*fp)(int)=sq; CHECK(fp(3)==9 && (*fp)(4)==16 && (&sq==fp)); 
  int i=0; i = i++ + 1; (void)i; unsigned uu = 3; CHECK(uu - 4 > 0); CHECK(sizeof(int)*8 - 33 > 0);
  CHECK(0x7fffffff + 1u == 0x80000000u); CHECK(!!42==1); CHECK(~0==-1); CHECK(-(-5)==5); CHECK(+3==3);
  CHECK((long long)1e18==1000000000000000000LL); CHECK((unsigned long long)1.8e19==18000000000000000000ULL);
  int cond = 0; (cond || (cond=1)) && (cond=2); CHECK(cond==2); 
  char buf[8]; for (int k=0;k<8;k++) buf[k]="ABCDEFG"[k]; CHECK(eq(buf,"ABCDEFG"));
  { int x = 99; { int x = 100; CHECK(x==100);} CHECK(x==99);} 
  #if defined(__linux__) && !defined(_WIN32) || 0
  CHECK(1);
  #else
  CHECK(sizeof(long)==4);
  #endif
  #define EMPTY
  #define F(x,y) x EMPTY y
  CHECK(F(1,+2)==3);
  #define REC REC+1
  int REC0=0; (void)REC0;
  #undef F
  #ifdef F
  CHECK(0);
  #endif
  #define LOG(...) sum(__VA_ARGS__)
  CHECK(LOG(2,3,4)==7);
  short sh = -1; unsigned short ush = sh; CHECK(ush==65535); CHECK((sh==ush)==0);
  long l = -1; CHECK((unsigned int)l==UINT_MAX); CHECK((int)0xFFFFFFFFu==-1);
  return fails ? (line_ & 0x7f) | 0x80 : 0;
}
