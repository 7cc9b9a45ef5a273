/* What C++'s library needs of C: whether an object is of a class or of one derived from it. The
 * table of virtual functions begins with the address of the base's table. */

void *__cxx_dynamic_cast(void *object, void *table)
{
    void **at = object ? *(void ***)object : 0;
    while (at && at != table)
        at = *at;
    return at ? object : 0;
}
